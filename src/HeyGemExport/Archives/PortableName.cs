using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace HeyGemExport.Archives;

/// <remarks>The name is normalized to NFC. Characters that Windows rejects, controls, line separators, halves of surrogate pairs,
/// noncharacters and invisible characters become <c>_</c>: full-width forms would read well in Chinese, but programs with Windows' older
/// interfaces turn <c>＼</c> and <c>＂</c> back into the ASCII characters, and not everyone can type them. Dots and spaces at the end, which
/// Windows drops, and spaces at the start are removed. Names of Windows devices get a <c>_</c>: <c>CON.mp4</c> becomes <c>CON_.mp4</c>.
/// Source: "Naming Files, Paths, and Namespaces", Microsoft Learn. Invalid UTF-8 bytes, which the library writes as U+FFFD and two digits,
/// keep their digits: <c>�CA�D3.mp4</c> becomes <c>_CA_D3.mp4</c>.</remarks>
internal static class PortableName
{
    private static readonly SearchValues<char> Refused = SearchValues.Create("<>:\"/\\|?*");

    private static readonly SearchValues<char> Plain =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Concat(Enumerable.Range(0x4E00, 0x5200)).Select(unit => (char)unit)]);

    private static readonly Rune Replacement = new('_');

    private static readonly FrozenSet<string> Devices = new[] { "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$" }
        .Concat("0123456789¹²³".SelectMany(digit => new[] { $"COM{digit}", $"LPT{digit}" }))
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The name itself when it is portable, whatever its length.</summary>
    public static string Of(string segment)
    {
        if (IsPlain(segment) && !segment.AsSpan().ContainsAny(Refused))
        {
            return NotADevice(WithSafeEnds(segment));
        }

        var runes = Normalized(segment).EnumerateRunes().ToArray();
        var name = new StringBuilder(segment.Length);
        var before = Replacement;
        for (var i = 0; i < runes.Length; i++)
        {
            var next = i + 1 < runes.Length ? runes[i + 1] : Replacement;
            before = IsPortable(runes[i]) && InvisibleCharacters.MayStand(runes[i], before, next) ? runes[i] : Replacement;
            name.Append(before);
        }

        return NotADevice(WithSafeEnds(name.ToString()));
    }

    /// <summary>Printable ASCII and common ideographs, which normalization and case folding leave alone, as in most names.</summary>
    internal static bool IsPlain(string name) => !name.AsSpan().ContainsAnyExcept(Plain);

    private static string Normalized(string segment)
    {
        var text = new StringBuilder(segment.Length);
        for (var rest = segment.AsSpan(); !rest.IsEmpty;)
        {
            var isWhole = Rune.DecodeFromUtf16(rest, out var rune, out var units) == OperationStatus.Done;
            text.Append(isWhole && !IsNoncharacter(rune) && !IsInvalidByte(rest) ? rune : Replacement);
            rest = rest[units..];
        }

        return text.ToString().Normalize(NormalizationForm.FormC);
    }

    // U+FFFD and the byte in hexadecimal, which is 80 or more.
    private static bool IsInvalidByte(ReadOnlySpan<char> text) =>
        text is ['\uFFFD', '8' or '9' or (>= 'A' and <= 'F'), (>= '0' and <= '9') or (>= 'A' and <= 'F'), ..];

    private static bool IsNoncharacter(Rune rune) => (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF;

    private static bool IsPortable(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        && !(rune.IsAscii && Refused.Contains((char)rune.Value));

    private static string WithSafeEnds(string name)
    {
        var kept = name.TrimEnd('.', ' ').TrimStart(' ');

        // A visible file must not become hidden, as one that begins with a dot is on macOS and Linux.
        return kept.Length == 0 || (kept[0] == '.' && name[0] != '.') ? "_" + kept : kept;
    }

    // Windows opens the device whatever extension follows, and with spaces between.
    private static string NotADevice(string name)
    {
        var stem = name.Split('.')[0].TrimEnd(' ');
        return Devices.Contains(stem) ? name.Insert(stem.Length, "_") : name;
    }
}
