using HeyGemExport.Localization;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace HeyGemExport.Pages;

/// <summary><c>&lt;file-name value="…"&gt;</c>: a name or path of a file, isolated from the text around it.</summary>
public sealed class FileNameTagHelper : TagHelper
{
    public string Value { get; set; } = "";

    public static string Visible(string name) =>
        string.Concat(name.Select(character => UnsafeText.Hides(character) ? '\uFFFD' : character));

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "bdi";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Content.SetContent(Visible(Value));
    }
}
