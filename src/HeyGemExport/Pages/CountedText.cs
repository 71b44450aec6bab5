using Microsoft.Extensions.Localization;

namespace HeyGemExport.Pages;

/// <summary>Texts with a count in them.</summary>
internal static class CountedText
{
    /// <summary>The text of a count; one has a text of its own, under the same key with <c>.One</c>.</summary>
    public static string Counted(this IStringLocalizer texts, string key, int count)
    {
        return texts[count == 1 ? $"{key}.One" : key, count];
    }
}
