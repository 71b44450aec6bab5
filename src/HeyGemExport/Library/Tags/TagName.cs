using System.Globalization;
using System.Text;
using HeyGemExport.Localization;

namespace HeyGemExport.Library.Tags;

/// <summary>What a tag may be: one to <see cref="MaxLength"/> characters of any language. Tags are compared without case and after
/// Unicode normalisation.</summary>
internal static class TagName
{
    /// <summary>The most UTF-16 units of a tag.</summary>
    public const int MaxLength = 64;

    /// <summary>The most tags that people can give to one video or batch, and that a file can give to it.</summary>
    public const int MaxPerItem = 50;

    /// <summary>Stands between tags wherever several are written into one field, and therefore in none.</summary>
    public const char Separator = ';';

    /// <summary>The tag as it is kept: trimmed, in NFC; null when it may not be one.</summary>
    public static string? Read(string? text)
    {
        // Composing a text makes it at most three times as long, so that nobody can have a long one composed.
        if (text is null || text.Length > MaxLength * 4)
        {
            return null;
        }

        var tag = VideoSearch.Compose(text.Trim());
        return tag.Length is > 0 and <= MaxLength && tag.EnumerateRunes().All(IsAllowed) ? tag : null;
    }

    /// <summary>What two spellings of one tag have in common.</summary>
    public static string Key(string tag)
    {
        return VideoSearch.Compose(tag.Trim()).ToUpperInvariant();
    }

    /// <summary>The tags without those that say the same as an earlier one.</summary>
    public static IReadOnlyList<string> Distinct(IEnumerable<string> tags) => [.. tags.DistinctBy(Key, StringComparer.Ordinal)];

    // What reorders or breaks the text around it is no part of a name; joiners are, in Persian and in emoji.
    private static bool IsAllowed(Rune rune) => rune.Value is not Separator and not 0xFFFD
        and not (0x200B or 0xFEFF or (>= 0x2060 and <= 0x2065))
        && !(rune.IsBmp && UnsafeText.Hides((char)rune.Value))
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);
}
