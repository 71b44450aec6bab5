using System.Buffers.Binary;

namespace HeyGemExport.Library.Containers;

/// <summary>AVI: a RIFF of chunks, with further <c>AVIX</c> RIFFs behind it past 1 GB (Microsoft AVI RIFF File
/// Reference; OpenDML AVI File Format Extensions).</summary>
internal static class AviStructure
{
    private const int ChunkHeader = 8;
    private const int ListHeader = 12;

    /// <summary>The RIFFs must add up to the file's length, and hold a list of frames.</summary>
    public static async Task<ContainerFacts> ExamineAsync(StructureReader reader, CancellationToken cancellationToken)
    {
        var facts = new ContainerFacts(Fault: null);
        var hasFrames = false;
        for (long offset = 0; offset < reader.Length;)
        {
            // A writer may pad the end to an even address.
            if (offset > 0 && reader.Length - offset < ListHeader)
            {
                return reader.Length - offset == 1 ? Finish(facts, hasFrames) : VideoFaults.RiffTrailing(reader.Length - offset);
            }

            var header = (await reader.ReadAsync(offset, ListHeader, cancellationToken)).ToArray();
            var (end, fault) = RiffEnd(header, offset, reader.Length);
            if (fault is not null)
            {
                return fault;
            }

            var (riffFault, riffFacts, riffHasFrames) = await WalkAsync(reader, offset + ListHeader, end, cancellationToken);
            if (riffFault is not null)
            {
                return riffFault;
            }

            hasFrames |= riffHasFrames;
            facts = riffFacts ?? facts;
            offset = end + (end % 2 == 1 && end < reader.Length ? 1 : 0);
        }

        return Finish(facts, hasFrames);
    }

    private static ContainerFacts Finish(ContainerFacts facts, bool hasFrames) => hasFrames ? facts : VideoFaults.MoviMissing;

    private static (long End, VideoFault? Fault) RiffEnd(byte[] header, long offset, long length)
    {
        var isRiff = header.AsSpan(0, 4).SequenceEqual("RIFF"u8)
            && (offset == 0 || header.AsSpan(8, 4).SequenceEqual("AVIX"u8));
        if (!isRiff)
        {
            return (0, VideoFaults.RiffTrailing(length - offset));
        }

        var size = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4));
        if (size is 0 or uint.MaxValue)
        {
            return (0, VideoFaults.RiffUnfinished);
        }

        var end = offset + ChunkHeader + size;
        return end switch
        {
            _ when size < 4 => (0, VideoFaults.RiffInvalid(offset)),
            _ when end > length => (0, VideoFaults.RiffShort(end, length)),
            _ => (end, null),
        };
    }

    private static async Task<(VideoFault? Fault, ContainerFacts? Facts, bool HasFrames)> WalkAsync(
        StructureReader reader, long start, long end, CancellationToken cancellationToken)
    {
        ContainerFacts? facts = null;
        var hasFrames = false;
        for (var offset = start; end - offset >= ChunkHeader;)
        {
            if (!reader.TryCount())
            {
                return (VideoFaults.TooManyParts(StructureReader.MaxParts), null, false);
            }

            var header = (await reader.ReadAsync(offset, ListHeader, cancellationToken)).ToArray();
            var chunkEnd = offset + ChunkHeader + BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4));
            if (chunkEnd > end)
            {
                return (VideoFaults.RiffInvalid(offset), null, false);
            }

            if (IsList(header, "movi"u8))
            {
                hasFrames = true;
            }
            else if (IsList(header, "hdrl"u8))
            {
                facts = await AviHeader.ReadAsync(reader, offset + ListHeader, chunkEnd, cancellationToken);
            }

            offset = chunkEnd + (chunkEnd % 2);
        }

        return (null, facts, hasFrames);
    }

    private static bool IsList(byte[] header, ReadOnlySpan<byte> type) =>
        header.Length == ListHeader && header.AsSpan(0, 4).SequenceEqual("LIST"u8) && header.AsSpan(8).SequenceEqual(type);
}

/// <summary>Playing time and picture size from the list <c>hdrl</c>: <c>avih</c>, and <c>strh</c> of the video
/// stream, whose length also counts the frames of <c>AVIX</c> RIFFs.</summary>
internal static class AviHeader
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>What could be read between two offsets; never a fault.</summary>
    public static async Task<ContainerFacts> ReadAsync(StructureReader reader, long start, long end, CancellationToken cancellationToken)
    {
        var content = await reader.ReadAsync(start, (int)Math.Min(MaxBytes, end - start), cancellationToken);
        return Read(content.Span, new ContainerFacts(Fault: null), insideStream: false);
    }

    private static ContainerFacts Read(ReadOnlySpan<byte> chunks, ContainerFacts facts, bool insideStream)
    {
        while (chunks.Length >= 8)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(chunks[4..]);
            var content = chunks[8..(int)Math.Min(chunks.Length, 8L + size)];
            if (chunks.StartsWith("avih"u8) && content.Length >= 40)
            {
                facts = ReadMain(content);
            }
            else if (!insideStream && chunks.StartsWith("LIST"u8) && content.StartsWith("strl"u8))
            {
                facts = Read(content[4..], facts, insideStream: true);
            }
            else if (chunks.StartsWith("strh"u8) && content.Length >= 36 && content.StartsWith("vids"u8))
            {
                facts = facts with { DurationSeconds = StreamSeconds(content) ?? facts.DurationSeconds };
            }

            chunks = chunks[(int)Math.Min(chunks.Length, 8L + size + (size % 2))..];
        }

        return facts;
    }

    private static ContainerFacts ReadMain(ReadOnlySpan<byte> main) => new(
        Fault: null,
        ContainerFacts.Seconds(BinaryPrimitives.ReadUInt32LittleEndian(main) / 1e6 * BinaryPrimitives.ReadUInt32LittleEndian(main[16..])),
        ContainerFacts.Pixels(BinaryPrimitives.ReadUInt32LittleEndian(main[32..])),
        ContainerFacts.Pixels(BinaryPrimitives.ReadUInt32LittleEndian(main[36..])));

    private static double? StreamSeconds(ReadOnlySpan<byte> stream) => ContainerFacts.Seconds(
        (double)BinaryPrimitives.ReadUInt32LittleEndian(stream[32..])
        * BinaryPrimitives.ReadUInt32LittleEndian(stream[20..])
        / BinaryPrimitives.ReadUInt32LittleEndian(stream[24..]));
}
