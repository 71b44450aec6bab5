using System.Numerics;

namespace HeyGemExport.Media.Matroska;

/// <summary>One element: an id, a length, content (RFC 8794).</summary>
/// <param name="Id">Its id, with the length marker.</param>
/// <param name="Start">Where its header begins.</param>
/// <param name="Content">Where its content begins.</param>
/// <param name="End">Where the next element begins, which can lie past the end of the file; null when the writer left the length
/// open.</param>
internal readonly record struct EbmlElement(uint Id, long Start, long Content, long? End)
{
    /// <summary>Bytes of the longest id with the longest length.</summary>
    public const int LargestHeader = 12;

    /// <summary>The element whose header these bytes are; null when they are none, or too few for it.</summary>
    public static EbmlElement? Parse(ReadOnlySpan<byte> header, long offset)
    {
        var idLength = header.IsEmpty ? 0 : LengthOf(header[0]);
        if (idLength is 0 or > 4 || header.Length <= idLength)
        {
            return null;
        }

        var sizeLength = LengthOf(header[idLength]);
        if (sizeLength == 0 || header.Length < idLength + sizeLength)
        {
            return null;
        }

        var content = offset + idLength + sizeLength;
        var allOnes = (1UL << (7 * sizeLength)) - 1;
        var size = Number(header.Slice(idLength, sizeLength)) & allOnes;

        // At most 56 bits and an offset within the file: no overflow.
        return new EbmlElement((uint)Number(header[..idLength]), offset, content, size == allOnes ? null : content + (long)size);
    }

    /// <summary>Takes the next element from the content of another one; false at its end, or where there is none.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> elements, out uint id, out ReadOnlySpan<byte> content)
    {
        id = 0;
        content = default;
        if (Parse(elements, 0) is not { End: { } end } element || end > elements.Length)
        {
            return false;
        }

        id = element.Id;
        content = elements[(int)element.Content..(int)end];
        elements = elements[(int)end..];
        return true;
    }

    /// <summary>A big-endian number of at most eight bytes.</summary>
    public static ulong Number(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        foreach (var part in bytes)
        {
            value = (value << 8) | part;
        }

        return value;
    }

    /// <summary>Bytes of a number of variable length, by its first byte; 0 where it begins none.</summary>
    public static int LengthOf(byte first) => first == 0 ? 0 : BitOperations.LeadingZeroCount((uint)first) - 23;
}
