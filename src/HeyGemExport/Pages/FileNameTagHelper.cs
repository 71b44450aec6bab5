using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace HeyGemExport.Pages;

/// <summary><c>&lt;file-name value="…"&gt;</c>: a name or path of a file, isolated from the text around it.</summary>
[HtmlTargetElement("file-name", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed partial class FileNameTagHelper : TagHelper
{
    public string Value { get; set; } = "";

    /// <summary>The name with U+FFFD for every character that would hide or reorder others (controls, and the bidirectional formatting
    /// characters of Unicode's UAX 9): <c>invoice_(U+202E)gpj.exe</c> must not look like a picture.</summary>
    public static string Visible(string name) => Invisible().Replace(name, "\uFFFD");

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "bdi";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Content.SetContent(Visible(Value));
    }

    [GeneratedRegex(@"[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Invisible();
}
