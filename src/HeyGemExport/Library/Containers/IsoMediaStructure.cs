using System.Buffers.Binary;

namespace HeyGemExport.Library.Containers;

/// <summary>MP4 and QuickTime: boxes of a length and a type (ISO/IEC 14496-12, QuickTime File Format).</summary>
internal static class IsoMediaStructure
{
    private static readonly string[] FirstTypes =
        ["ftyp", "moov", "mdat", "free", "skip", "wide", "pnot", "styp", "sidx", "moof", "uuid", "meta", "udta"];

    /// <summary>Whether a file can begin with a box of this type.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> type) => FirstTypes.Contains(IsoBox.TypeText(type), StringComparer.Ordinal);

    /// <summary>The boxes must add up to the file's length, with <c>moov</c> and <c>mdat</c> among them, and
    /// <c>ftyp</c> where it is needed (QuickTime may lack it).</summary>
    public static async Task<ContainerFacts> ExamineAsync(StructureReader reader, bool needsFileType, CancellationToken cancellationToken)
    {
        string? brand = null;
        var hasMedia = false;
        IsoBox? movie = null;
        IsoBox? fragment = null;
        for (long offset = 0; offset < reader.Length;)
        {
            if (!reader.TryCount())
            {
                return VideoFaults.TooManyParts(StructureReader.MaxParts);
            }

            var (box, fault) = IsoBox.Parse((await reader.ReadAsync(offset, IsoBox.LargestHeader, cancellationToken)).Span, offset, reader.Length);
            if (fault is not null)
            {
                return fault;
            }

            if (box.Type is "ftyp" && brand is null)
            {
                brand = IsoBox.TypeText((await IsoBoxes.ReadContentAsync(reader, box, 4, cancellationToken)).Span);
            }

            hasMedia |= box.Type is "mdat";
            movie ??= box.Type is "moov" ? box : null;
            fragment = box.Type is "moof" ? box : fragment;
            offset = box.End;
        }

        if (movie is null)
        {
            return VideoFaults.MoovMissing;
        }

        if (!hasMedia)
        {
            return VideoFaults.MdatMissing;
        }

        // Only QuickTime goes without a brand, or has this one (QuickTime File Format, "The File Type Compatibility Atom").
        return needsFileType && brand is null
            ? VideoFaults.FtypMissing
            : await IsoMovieHeader.ReadAsync(reader, movie.Value, fragment, brand is null or "qt  " ? "mov" : "mp4", cancellationToken);
    }
}

/// <summary>One box.</summary>
/// <param name="Type">Four characters.</param>
/// <param name="Content">Where its content begins.</param>
/// <param name="End">Where the next box begins.</param>
internal readonly record struct IsoBox(string Type, long Content, long End)
{
    /// <summary>Bytes of the header with a 64-bit length.</summary>
    public const int LargestHeader = 16;

    private const int SmallHeader = 8;

    /// <summary>Reads the header of the box at an offset within a space that ends at <paramref name="end"/>.</summary>
    public static (IsoBox Box, VideoFault? Fault) Parse(ReadOnlySpan<byte> header, long offset, long end)
    {
        if (header.Length < SmallHeader)
        {
            return (default, VideoFaults.BoxesShort(offset + SmallHeader, end));
        }

        ulong size = BinaryPrimitives.ReadUInt32BigEndian(header);
        var headerLength = size == 1 ? LargestHeader : SmallHeader;
        if (!IsType(header[4..8]))
        {
            return (default, VideoFaults.BoxInvalid(offset));
        }

        if (header.Length < headerLength)
        {
            return (default, VideoFaults.BoxesShort(offset + headerLength, end));
        }

        size = size switch
        {
            0 => (ulong)(end - offset),
            1 => BinaryPrimitives.ReadUInt64BigEndian(header[8..]),
            _ => size,
        };
        if (size < (ulong)headerLength || size > (ulong)(long.MaxValue - offset))
        {
            return (default, VideoFaults.BoxInvalid(offset));
        }

        var boxEnd = offset + (long)size;
        return boxEnd > end
            ? (default, VideoFaults.BoxesShort(boxEnd, end))
            : (new IsoBox(TypeText(header[4..8]), offset + headerLength, boxEnd), null);
    }

    /// <summary>The four characters of a type, one for each byte.</summary>
    public static string TypeText(ReadOnlySpan<byte> type) => type switch
    {
        _ when type.SequenceEqual("ftyp"u8) => "ftyp",
        _ when type.SequenceEqual("moov"u8) => "moov",
        _ when type.SequenceEqual("mdat"u8) => "mdat",
        _ when type.SequenceEqual("moof"u8) => "moof",
        _ when type.SequenceEqual("free"u8) => "free",
        _ => System.Text.Encoding.Latin1.GetString(type),
    };

    // Printable ASCII, and the © that QuickTime's user data types begin with.
    private static bool IsType(ReadOnlySpan<byte> type)
    {
        foreach (var value in type)
        {
            if (value is not (>= 0x20 and < 0x7F or 0xA9))
            {
                return false;
            }
        }

        return true;
    }
}
