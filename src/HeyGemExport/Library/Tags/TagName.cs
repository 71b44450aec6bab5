using System.Text;
using HeyGemExport.Localization;

namespace HeyGemExport.Library.Tags;

/// <summary>The rules for tags: 1 to <see cref="MaxLength"/> characters of any language, compared without case and in NFC.</summary>
internal static class TagName
{
    /// <summary>The most UTF-16 units of a tag.</summary>
    public const int MaxLength = 64;

    /// <summary>The most tags that people can give to one video or batch, and the most that a <c>tags.json</c> can.</summary>
    public const int MaxPerItem = 50;

    /// <summary>Separates tags that are written into one field, and is therefore not allowed in a tag.</summary>
    public const char Separator = ';';

    /// <summary>The tag as it is stored: trimmed and in NFC; null when it is not a valid tag.</summary>
    public static string? Read(string? text)
    {
        // NFC makes a text at most three times as long; longer texts are not even normalised.
        if (text is null || text.Length > MaxLength * 4)
        {
            return null;
        }

        var tag = VideoSearch.Compose(text.Trim());
        return tag.Length is > 0 and <= MaxLength && tag.EnumerateRunes().All(IsAllowed) ? tag : null;
    }

    /// <summary>What two spellings of one tag have in common.</summary>
    public static string Key(string tag) => VideoSearch.Compose(tag.Trim()).ToUpperInvariant();

    public static IReadOnlyList<string> Distinct(IEnumerable<string> tags) => [.. tags.DistinctBy(Key, StringComparer.Ordinal)];

    // Nothing that reorders or breaks the text around it; joiners are allowed for Persian and emoji.
    private static bool IsAllowed(Rune rune) => rune.Value is not Separator and not 0xFFFD
        and not (0x200B or 0xFEFF or (>= 0x2060 and <= 0x2065))
        && !(rune.IsBmp && UnsafeText.Hides((char)rune.Value))
        && Rune.GetUnicodeCategory(rune) is not (
            UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);
}
