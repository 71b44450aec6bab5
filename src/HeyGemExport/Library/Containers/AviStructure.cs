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
        var facts = new ContainerFacts(Fault: null, Media: new MediaFacts("avi"));
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
