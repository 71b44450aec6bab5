using System.Text.Encodings.Web;
using HeyGemExport.Accounts;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace HeyGemExport.Pages;

/// <summary><c>&lt;caller-name label="…" value="…"&gt;</c>: who did something, behind a label where there is one. Where nobody signs in,
/// nobody is called anonymous.</summary>
public sealed class CallerNameTagHelper(IStringLocalizer<PageTexts> texts, IServiceProvider services) : TagHelper
{
    public string? Label { get; set; }

    public string Value { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (Value is Caller.Anonymous && services.GetRequiredService<ActiveMode>().IsOpen)
        {
            output.SuppressOutput();
            return;
        }

        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Content.SetHtmlContent(Label is null ? "" : $"{HtmlEncoder.Default.Encode(Label)} ")
            .AppendHtml("<bdi>").Append(texts[$"Who.{Value}"] is { ResourceNotFound: false } given ? given.Value : Value)
            .AppendHtml("</bdi>");
    }
}
