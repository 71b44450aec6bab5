using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace HeyGemExport.Library.Containers;

/// <summary>Playing time and picture size from <c>moov</c>: <c>mvhd</c>, and <c>tkhd</c> of the first track whose
/// handler is <c>vide</c> (ISO/IEC 14496-12, 8.2.2, 8.3.2 and 8.4.3).</summary>
internal static class IsoMovieHeader
{
    /// <summary>What could be read; never a fault.</summary>
    public static async Task<ContainerFacts> ReadAsync(StructureReader reader, IsoBox movie, CancellationToken cancellationToken)
    {
        var facts = new ContainerFacts(Fault: null);
        await foreach (var box in ChildrenAsync(reader, movie, cancellationToken))
        {
            if (box.Type is "mvhd")
            {
                facts = facts with { DurationSeconds = Duration((await ReadContentAsync(reader, box, 32, cancellationToken)).Span) };
            }
            else if (box.Type is "trak" && facts.Width is null)
            {
                var (width, height) = await ReadTrackAsync(reader, box, cancellationToken);
                facts = facts with { Width = width, Height = height };
            }
        }

        return facts;
    }

    private static double? Duration(ReadOnlySpan<byte> header)
    {
        if (header.Length < 20 || (header[0] == 1 && header.Length < 32))
        {
            return null;
        }

        var (scaleAt, ticks, unknown) = header[0] == 1
            ? (20, BinaryPrimitives.ReadUInt64BigEndian(header[24..]), ulong.MaxValue)
            : (12, BinaryPrimitives.ReadUInt32BigEndian(header[16..]), uint.MaxValue);
        return ticks == unknown ? null : ContainerFacts.Seconds((double)ticks / BinaryPrimitives.ReadUInt32BigEndian(header[scaleAt..]));
    }

    private static async Task<(int? Width, int? Height)> ReadTrackAsync(StructureReader reader, IsoBox track, CancellationToken cancellationToken)
    {
        (int? Width, int? Height) size = default;
        var isVideo = false;
        await foreach (var box in ChildrenAsync(reader, track, cancellationToken))
        {
            if (box.Type is "tkhd")
            {
                size = PictureSize((await ReadContentAsync(reader, box, 96, cancellationToken)).Span);
            }
            else if (box.Type is "mdia")
            {
                isVideo = await IsVideoAsync(reader, box, cancellationToken);
            }
        }

        return isVideo && size.Width is not null && size.Height is not null ? size : default;
    }

    // Both are 16.16 fixed-point numbers.
    private static (int? Width, int? Height) PictureSize(ReadOnlySpan<byte> header)
    {
        var at = header.Length > 0 && header[0] == 1 ? 88 : 76;
        return header.Length < at + 8
            ? default
            : (ContainerFacts.Pixels(BinaryPrimitives.ReadUInt16BigEndian(header[at..])),
                ContainerFacts.Pixels(BinaryPrimitives.ReadUInt16BigEndian(header[(at + 4)..])));
    }

    private static async Task<bool> IsVideoAsync(StructureReader reader, IsoBox media, CancellationToken cancellationToken)
    {
        await foreach (var box in ChildrenAsync(reader, media, cancellationToken))
        {
            if (box.Type is "hdlr")
            {
                var handler = (await ReadContentAsync(reader, box, 12, cancellationToken)).Span;
                return handler.Length == 12 && handler[8..].SequenceEqual("vide"u8);
            }
        }

        return false;
    }

    private static ValueTask<ReadOnlyMemory<byte>> ReadContentAsync(StructureReader reader, IsoBox box, int count, CancellationToken cancellationToken) =>
        reader.ReadAsync(box.Content, (int)Math.Min(count, box.End - box.Content), cancellationToken);

    private static async IAsyncEnumerable<IsoBox> ChildrenAsync(StructureReader reader, IsoBox parent, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var offset = parent.Content; offset < parent.End && reader.TryCount();)
        {
            var header = await reader.ReadAsync(offset, (int)Math.Min(IsoBox.LargestHeader, parent.End - offset), cancellationToken);
            var (box, fault) = IsoBox.Parse(header.Span, offset, parent.End);
            if (fault is not null)
            {
                yield break;
            }

            yield return box;
            offset = box.End;
        }
    }
}
