using HeyGemExport.Delivery.ObjectStorage;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Pages.Exports;

/// <summary><c>&lt;delivery-state value="…"&gt;</c>: the chip that names a delivery's state.</summary>
[HtmlTargetElement("delivery-state", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class DeliveryStateTagHelper(IStringLocalizer<DeliveryTexts> texts) : TagHelper
{
    /// <summary>The state.</summary>
    public DeliveryState Value { get; set; }

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", $"chip chip-{Tone(Value)}");
        output.Content.SetContent(texts[$"State.{Value}"]);
    }

    private static string Tone(DeliveryState state) => state switch
    {
        DeliveryState.Ready => "good",
        DeliveryState.Failed => "bad",
        DeliveryState.Queued or DeliveryState.Sending => "busy",
        _ => "quiet",
    };
}
