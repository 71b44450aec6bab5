using System.Buffers.Binary;

namespace HeyGemExport.Media.Iso;

/// <summary>What indexes of fragments promise: <c>sidx</c>, mostly before them, and <c>mfra</c> behind them (ISO/IEC 14496-12, 8.16.3
/// and 8.8.9).</summary>
internal sealed class FragmentIndexes(ByteSource source, ByteWindow window)
{
    private const int MaxEntries = 1_000_000;

    /// <summary>Where the last segment of a <c>sidx</c> ends.</summary>
    public long SegmentsEnd { get; private set; }

    /// <summary>The most fragments that a <c>tfra</c> lists.</summary>
    public int Listed { get; private set; }

    /// <summary>Whether a <c>tfra</c> lists a fragment past the end of the file.</summary>
    public bool ListsPastEnd { get; private set; }

    /// <summary>Reads a <c>sidx</c>: sizes of segments, the first of which begins behind it.</summary>
    public void ReadSegments(IsoBox sidx)
    {
        var header = window.Get(sidx.Content, (int)Math.Min(32, sidx.Size));
        var later = header is [1, ..] ? 8 : 0;
        if (header.Length < 24 + later)
        {
            return;
        }

        var first = later == 0 ? BinaryPrimitives.ReadUInt32BigEndian(header[16..]) : BinaryPrimitives.ReadUInt64BigEndian(header[20..]);
        int declared = BinaryPrimitives.ReadUInt16BigEndian(header[(22 + later)..]);
        if (first > (ulong)source.Length)
        {
            return;
        }

        var end = sidx.End + (long)first;
        var table = new TableCursor(source, sidx.Content + 24 + later, Math.Min(declared, (sidx.Size - 24 - later) / 12), 12);
        for (var index = 0; index < table.Count; index++)
        {
            end += table.U32(index) & int.MaxValue;
        }

        SegmentsEnd = Math.Max(SegmentsEnd, end);
    }

    /// <summary>Reads the <c>tfra</c> of an <c>mfra</c>: the fragments with a sample that can be sought, in order.</summary>
    public void ReadFragments(IsoBox mfra)
    {
        foreach (var tfra in IsoBox.Children(source, window, mfra.Content, mfra.End).Where(box => box.Is("tfra"u8)))
        {
            var header = window.Get(tfra.Content, (int)Math.Min(16, tfra.Size));
            if (header.Length < 16)
            {
                continue;
            }

            var lengths = BinaryPrimitives.ReadUInt32BigEndian(header[8..]);
            var width = header[0] == 1 ? 8 : 4;
            var entry = (2 * width) + (int)((lengths >> 4) & 3) + (int)((lengths >> 2) & 3) + (int)(lengths & 3) + 3;
            var declared = Math.Min(BinaryPrimitives.ReadUInt32BigEndian(header[12..]), (tfra.Size - 16) / entry);
            ReadEntries(new TableCursor(source, tfra.Content + 16, Math.Min(declared, MaxEntries), entry), width);
        }
    }

    private void ReadEntries(TableCursor table, int width)
    {
        var fragments = 0;
        ulong before = 0;
        for (var index = 0; index < table.Count; index++)
        {
            var at = width == 4 ? table.U32(index, 4) : ((ulong)table.U32(index, 8) << 32) | table.U32(index, 12);
            fragments += at > before || index == 0 ? 1 : 0;
            before = at;
            ListsPastEnd |= at >= (ulong)source.Length;
        }

        Listed = Math.Max(Listed, fragments);
    }
}
