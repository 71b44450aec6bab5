using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace HeyGemExport.Pages;

/// <summary><c>&lt;icon name="…"&gt;</c>: a symbol of <c>img/icons.svg</c>, as high as the text beside it. For the eye only.</summary>
public sealed class IconTagHelper : TagHelper
{
    public string Name { get; set; } = "";

    [ViewContext, HtmlAttributeNotBound] public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "svg";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "icon");
        output.Attributes.SetAttribute("aria-hidden", "true");
        output.Content.SetHtmlContent(new HtmlContentBuilder()
            .AppendHtml("<use href=\"").Append($"{ViewContext.HttpContext.Request.PathBase}/img/icons.svg#{Name}").AppendHtml("\"></use>"));
    }
}
