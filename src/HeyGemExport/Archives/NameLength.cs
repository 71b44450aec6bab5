using System.Text;

namespace HeyGemExport.Archives;

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
