using Microsoft.AspNetCore.Razor.TagHelpers;

namespace HeyGemExport.Pages;

/// <summary><c>&lt;local-time at="…"&gt;</c>: a time in the server's time zone, which a script converts to the viewer's.</summary>
public sealed class LocalTimeTagHelper(TimeProvider time) : TagHelper
{
    /// <summary>Null to show nothing.</summary>
    public DateTimeOffset? At { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (At is not { } at)
        {
            output.SuppressOutput();
            return;
        }

        var local = TimeZoneInfo.ConvertTime(at, time.LocalTimeZone);
        output.TagName = "time";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("datetime", local.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture));
        output.Content.SetContent(local.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
    }
}
