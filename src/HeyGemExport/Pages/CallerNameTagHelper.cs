using Microsoft.AspNetCore.Razor.TagHelpers;

namespace HeyGemExport.Pages;

public sealed class CallerNameTagHelper(IStringLocalizer<PageTexts> texts) : TagHelper
{
    public string Value { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "bdi";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Content.SetContent(texts[$"Who.{Value}"] is { ResourceNotFound: false } given ? given.Value : Value);
    }
}
