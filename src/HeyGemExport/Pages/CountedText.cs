using Microsoft.Extensions.Localization;

namespace HeyGemExport.Pages;

internal static class CountedText
{
    /// <summary>A text with a count; for 1 the text with the key <c>&lt;key&gt;.One</c>.</summary>
    public static string Counted(this IStringLocalizer texts, string key, int count) => texts[count == 1 ? $"{key}.One" : key, count];
}
