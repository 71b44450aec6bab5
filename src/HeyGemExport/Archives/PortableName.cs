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
    internal static bool IsPlain(string name) => name.All(unit => unit is (>= ' ' and <= '~') or (>= '\u4E00' and <= '\u9FFF'));

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

internal static class NameLength
{
    /// <summary>The most UTF-16 units of a name on NTFS, exFAT and HFS+.</summary>
    public const int SegmentUnits = 255;

    /// <summary>The most UTF-8 bytes of a name on Linux file systems (<c>NAME_MAX</c>): 85 Chinese characters.</summary>
    public const int SegmentBytes = 255;

    /// <summary>The most UTF-16 units of a path in the archive, where cutting its long names can achieve it.</summary>
    /// <remarks>Windows Explorer unpacks no path of 260 units or more (<c>MAX_PATH</c>, its closing NUL included), and it proposes a folder
    /// named after the archive. Of the 259 units are used: <c>C:\Users\</c> 9, a user name 20 at most, <c>\Downloads\</c> 11,
    /// <c>heygem_batch_result_20251219_1430_…</c> with its part's number 57, and <c>\</c>.</remarks>
    public const int PathUnits = 160;

    /// <summary>UTF-16 units below which no name is cut for the sake of its path, because it would no longer be recognizable.</summary>
    public const int LeastUnits = 40;

    private const int LongestExtension = 16;

    /// <remarks>Cut between text elements (Unicode's UAX 29): never within a surrogate pair, an emoji, or a letter and its marks.</remarks>
    public static string Cut(string name, bool isFile, string number, int maxUnits)
    {
        var extension = isFile ? Extension(name) : "";
        var stem = name[..^extension.Length];
        var tail = number + extension;
        var freeUnits = Math.Min(maxUnits, SegmentUnits) - tail.Length;
        var freeBytes = SegmentBytes - Encoding.UTF8.GetByteCount(tail);
        if (stem.Length <= freeUnits && Encoding.UTF8.GetByteCount(stem) <= freeBytes)
        {
            return stem + tail;
        }

        var kept = stem[..FittingUnits(stem, freeUnits, freeBytes)].TrimEnd('.', ' ');
        return (kept.Length == 0 ? "_" : kept) + tail;
    }

    private static int FittingUnits(string stem, int freeUnits, int freeBytes)
    {
        var units = 0;
        while (units < stem.Length)
        {
            var element = stem.AsSpan(units, StringInfo.GetNextTextElementLength(stem, units));
            freeBytes -= Encoding.UTF8.GetByteCount(element);
            if (units + element.Length > freeUnits || freeBytes < 0)
            {
                break;
            }

            units += element.Length;
        }

        return units;
    }

    private static string Extension(string name)
    {
        var extension = Path.GetExtension(name);
        return extension.Length <= LongestExtension && extension.Length < name.Length ? extension : "";
    }
}

/// <summary>A key that is equal for names that some file system takes for the same.</summary>
/// <remarks>NTFS and exFAT ignore case, APFS and HFS+ case and normalisation, ext4 and f2fs with case folding also invisible characters;
/// the last three fold in full (<c>ß</c> is <c>ss</c>), after <c>CaseFolding.txt</c> of the Unicode Character Database.</remarks>
internal static class NameKey
{
    // Letters that fold to several, or to one that .NET does not map, and have no canonical decomposition;
    // their compatibility decomposition gives the same letters.
    private const string FoldedByDecomposition =
        "\u0149\u017F\u0587\u1E9A\uFB00\uFB01\uFB02\uFB03\uFB04\uFB05\uFB06\uFB13\uFB14\uFB15\uFB16\uFB17";

    public static string Of(string name)
    {
        if (PortableName.IsPlain(name))
        {
            return name.ToLowerInvariant();
        }

        var text = new StringBuilder(name.Length);
        foreach (var rune in name.Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            if (!InvisibleCharacters.Contains(rune))
            {
                text.Append(Folded(rune.ToString()));
            }
        }

        return text.ToString().ToUpperInvariant().ToLowerInvariant().Normalize(NormalizationForm.FormC);
    }

    private static string Folded(string letter) => letter switch
    {
        "\u00DF" or "\u1E9E" => "ss",
        _ when FoldedByDecomposition.Contains(letter, StringComparison.Ordinal) => letter.Normalize(NormalizationForm.FormKD),
        _ => letter,
    };
}
