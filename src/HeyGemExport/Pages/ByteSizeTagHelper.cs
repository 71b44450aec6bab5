using HeyGemExport.Localization;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace HeyGemExport.Pages;

/// <summary><c>&lt;byte-size value="…"&gt;</c>: a size for people, with the exact bytes on hover and for scripts.</summary>
public sealed class ByteSizeTagHelper : TagHelper
{
    public long Value { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "data";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("value", Value.ToString(CultureInfo.InvariantCulture));
        output.Attributes.SetAttribute("title", string.Create(CultureInfo.CurrentCulture, $"{Value:N0} B"));
        output.Content.SetContent(ByteSize.Format(Value));
    }
}
