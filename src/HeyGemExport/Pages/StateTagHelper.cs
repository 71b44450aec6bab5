using HeyGemExport.Exports;
using HeyGemExport.Library;
using HeyGemExport.Shares;
using HeyGemExport.Uploads;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace HeyGemExport.Pages;

/// <summary>A chip with the name of the state, in a colour that means the same for exports, uploads, videos and share links.</summary>
[HtmlTargetElement("export-state", TagStructure = TagStructure.NormalOrSelfClosing)]
[HtmlTargetElement("delivery-state", TagStructure = TagStructure.NormalOrSelfClosing)]
[HtmlTargetElement("video-state", TagStructure = TagStructure.NormalOrSelfClosing)]
[HtmlTargetElement("share-state", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class StateTagHelper(
    IStringLocalizer<ExportTexts> exports, IStringLocalizer<UploadTexts> deliveries, IStringLocalizer<PageTexts> pages) : TagHelper
{
    public required Enum Value { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", $"chip chip-{Tone(Value)}");
        output.Content.SetContent(Text(Value));
    }

    private static string Tone(Enum state) => state switch
    {
        ExportState.Ready or UploadState.Ready or VideoState.Ready or ShareState.Live => "good",
        ExportState.Failed or UploadState.Failed or VideoState.Broken => "bad",
        ExportState.Queued or ExportState.Building or ExportState.Verifying or UploadState.Queued or UploadState.Sending => "busy",
        VideoState.Writing or ShareState.UsedUp => "warn",
        _ => "quiet",
    };

    private string Text(Enum state) => state switch
    {
        ExportState => exports[$"State.{state}"],
        UploadState => deliveries[$"State.{state}"],
        VideoState => pages[$"VideoState.{state}"],
        ShareState => pages[$"ShareState.{state}"],
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "A state that has no texts."),
    };
}
