using HeyGemExport.Exports;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Pages.Exports;

/// <summary><c>&lt;export-state value="…"&gt;</c>: the chip that names an export's state.</summary>
[HtmlTargetElement("export-state", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class ExportStateTagHelper(IStringLocalizer<ExportTexts> texts) : TagHelper
{
    /// <summary>The state.</summary>
    public ExportState Value { get; set; }

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", $"chip chip-{Tone(Value)}");
        output.Content.SetContent(texts[$"State.{Value}"]);
    }

    private static string Tone(ExportState state) => state switch
    {
        ExportState.Ready => "good",
        ExportState.Failed => "bad",
        ExportState.Queued or ExportState.Building or ExportState.Verifying => "busy",
        _ => "quiet",
    };
}
