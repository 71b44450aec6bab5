namespace HeyGemExport.Library.Containers;

/// <summary>Matroska and WebM: elements of an id and a length (RFC 8794, RFC 9559).</summary>
internal static class MatroskaStructure
{
    /// <summary>The id of the EBML header, which every file begins with.</summary>
    public const uint Header = 0x1A45DFA3;

    private const uint Segment = 0x18538067;
    private const uint Info = 0x1549A966;
    private const uint Tracks = 0x1654AE6B;
    private const uint Cluster = 0x1F43B675;

    private const int MaxInfoBytes = 64 * 1024;
    private const int MaxTracksBytes = 1024 * 1024;

    // What may stand in a file, in a segment, and in a cluster whose length is unknown, where the children lie open.
    private static readonly HashSet<uint> Known =
    [
        Header, Segment, Info, Tracks, Cluster,
        0x114D9B74, 0x1C53BB6B, 0x1941A469, 0x1043A770, 0x1254C367, 0xEC, 0xBF,
        0xE7, 0xA7, 0xAB, 0xA3, 0xA0, 0x5854, 0xAF,
    ];

    /// <summary>A segment's length must lie within the file; where a live writer left it open, its elements must end
    /// with the file. There must be a cluster.</summary>
    public static async Task<ContainerFacts> ExamineAsync(StructureReader reader, CancellationToken cancellationToken)
    {
        var facts = new ContainerFacts(Fault: null);
        var hasSegment = false;
        var hasCluster = false;
        for (long offset = 0; offset < reader.Length;)
        {
            if (!reader.TryCount())
            {
                return VideoFaults.TooManyParts(StructureReader.MaxParts);
            }

            var (element, fault) = EbmlElement.Parse((await reader.ReadAsync(offset, EbmlElement.LargestHeader, cancellationToken)).Span, offset, reader.Length);
            if (fault is not null)
            {
                return fault;
            }

            if (!Known.Contains(element.Id) || (element.End is null && element.Id is not (Segment or Cluster)))
            {
                return VideoFaults.ElementInvalid(offset);
            }

            hasSegment |= element.Id == Segment;
            hasCluster |= element.Id == Cluster;
            facts = element.Id switch
            {
                Header when facts.Media is null => facts with { Media = MatroskaHeader.ReadDocument((await ReadContentAsync(reader, element, MaxInfoBytes, cancellationToken)).Span) },
                Info => MatroskaHeader.ReadInfo((await ReadContentAsync(reader, element, MaxInfoBytes, cancellationToken)).Span, facts),
                Tracks => MatroskaHeader.ReadTracks((await ReadContentAsync(reader, element, MaxTracksBytes, cancellationToken)).Span, facts),
                _ => facts,
            };
            offset = element.Id == Segment ? element.Content : element.End ?? element.Content;
        }

        return (hasSegment, hasCluster) switch
        {
            (false, _) => VideoFaults.SegmentMissing,
            (_, false) => VideoFaults.ClusterMissing,
            _ => facts,
        };
    }

    private static ValueTask<ReadOnlyMemory<byte>> ReadContentAsync(StructureReader reader, EbmlElement element, int limit, CancellationToken cancellationToken) =>
        reader.ReadAsync(element.Content, (int)Math.Min(limit, element.End!.Value - element.Content), cancellationToken);
}

/// <summary>One element.</summary>
/// <param name="Id">Its id, with the length marker.</param>
/// <param name="Content">Where its content begins.</param>
/// <param name="End">Where the next element begins; null when the writer left the length open.</param>
internal readonly record struct EbmlElement(uint Id, long Content, long? End)
{
    /// <summary>Bytes of the longest id with the longest length.</summary>
    public const int LargestHeader = 12;

    /// <summary>Reads the header of the element at an offset within a space that ends at <paramref name="end"/>.</summary>
    public static (EbmlElement Element, VideoFault? Fault) Parse(ReadOnlySpan<byte> header, long offset, long end)
    {
        var idLength = header.IsEmpty ? 0 : LengthOf(header[0]);
        if (idLength is 0 or > 4)
        {
            return (default, VideoFaults.ElementInvalid(offset));
        }

        if (header.Length <= idLength)
        {
            return (default, VideoFaults.SegmentShort(offset + idLength + 1, end));
        }

        var sizeLength = LengthOf(header[idLength]);
        if (sizeLength == 0)
        {
            return (default, VideoFaults.ElementInvalid(offset));
        }

        var content = offset + idLength + sizeLength;
        if (header.Length < idLength + sizeLength)
        {
            return (default, VideoFaults.SegmentShort(content, end));
        }

        var id = (uint)Number(header[..idLength]);
        var allOnes = (1UL << (7 * sizeLength)) - 1;
        var size = Number(header.Slice(idLength, sizeLength)) & allOnes;
        if (size == allOnes)
        {
            return (new EbmlElement(id, content, End: null), null);
        }

        // At most 56 bits and an offset within the file: no overflow.
        var elementEnd = content + (long)size;
        return elementEnd > end
            ? (default, VideoFaults.SegmentShort(elementEnd, end))
            : (new EbmlElement(id, content, elementEnd), null);
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

    private static int LengthOf(byte first) => first == 0 ? 0 : System.Numerics.BitOperations.LeadingZeroCount((uint)first) - 23;
}
