using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace HeyGemExport.Library.Containers;

/// <summary>Boxes within boxes.</summary>
internal static class IsoBoxes
{
    /// <summary>The first bytes of a box's content.</summary>
    public static ValueTask<ReadOnlyMemory<byte>> ReadContentAsync(StructureReader reader, IsoBox box, int count, CancellationToken cancellationToken) =>
        reader.ReadAsync(box.Content, (int)Math.Min(count, box.End - box.Content), cancellationToken);

    /// <summary>The boxes within a box, up to the first that is none.</summary>
    public static async IAsyncEnumerable<IsoBox> ChildrenAsync(StructureReader reader, IsoBox parent, [EnumeratorCancellation] CancellationToken cancellationToken)
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

    /// <summary>Seconds from the content of <c>mvhd</c> or <c>mdhd</c>, which begin alike (ISO/IEC 14496-12, 8.2.2 and 8.4.2); null where they are not told.</summary>
    public static double? Seconds(ReadOnlySpan<byte> header)
    {
        if (TimeScale(header) is not { } scale)
        {
            return null;
        }

        var (ticks, unknown) = header[0] == 1
            ? (BinaryPrimitives.ReadUInt64BigEndian(header[24..]), ulong.MaxValue)
            : (BinaryPrimitives.ReadUInt32BigEndian(header[16..]), uint.MaxValue);
        return ticks == unknown ? null : (double)ticks / scale;
    }

    /// <summary>Ticks a second, from the same; null where it is too short.</summary>
    public static uint? TimeScale(ReadOnlySpan<byte> header) =>
        header.Length < 20 || (header[0] == 1 && header.Length < 32) ? null : BinaryPrimitives.ReadUInt32BigEndian(header[(header[0] == 1 ? 20 : 12)..]);
}
