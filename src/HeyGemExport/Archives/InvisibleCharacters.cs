using System.Text;

namespace HeyGemExport.Archives;

/// <summary>Characters that are invisible, and make one name look like another: <c>invoice_(U+202E)gpj.exe</c> reads as a
/// picture.</summary>
/// <remarks>More than logs and pages replace: names that differ only in these must not be told apart by a number alone.</remarks>
internal static class InvisibleCharacters
{
    private const int NonJoiner = 0x200C;
    private const int Joiner = 0x200D;

    /// <summary><c>Default_Ignorable_Code_Point</c> of the Unicode Character Database, and the interlinear annotations.</summary>
    public static bool Contains(Rune rune) => rune.Value is 0xAD or 0x34F or 0x61C or 0x115F or 0x1160 or 0x17B4 or 0x17B5
        or (>= 0x180B and <= 0x180F) or (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F)
        or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF or 0xFFA0 or (>= 0xFFF0 and <= 0xFFFB)
        or (>= 0x1BCA0 and <= 0x1BCA3) or (>= 0x1D173 and <= 0x1D17A) or (>= 0xE0000 and <= 0xE0FFF);

    /// <summary>Joiners in Persian, Indic scripts and emoji, and variation selectors after an emoji or an ideograph may.</summary>
    public static bool MayStand(Rune rune, Rune before, Rune next)
    {
        if (!Contains(rune))
        {
            return true;
        }

        if (IsVariationSelector(rune))
        {
            // Digits, # and * become keycaps.
            return IsSeenBeyondAscii(before) || before.Value is '#' or '*' or (>= '0' and <= '9');
        }

        return rune.Value is NonJoiner or Joiner
            && (IsMark(before) || ((IsSeenBeyondAscii(before) || IsVariationSelector(before)) && IsSeenBeyondAscii(next)));
    }

    private static bool IsVariationSelector(Rune rune) =>
        rune.Value is (>= 0x180B and <= 0x180D) or 0x180F or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);

    private static bool IsSeenBeyondAscii(Rune rune) => !rune.IsAscii && !Contains(rune);

    // A joiner after a virama selects a form of the letter, also at the end of a word.
    private static bool IsMark(Rune rune) =>
        !Contains(rune) && Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
