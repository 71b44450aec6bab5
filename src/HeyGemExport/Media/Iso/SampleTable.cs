using System.Buffers.Binary;

namespace HeyGemExport.Media.Iso;

/// <summary>What the sample tables of a track refer to.</summary>
/// <param name="Samples">Samples with content.</param>
/// <param name="End">Where the last byte of them lies, plus one; <see cref="long.MaxValue"/> where that is no offset.</param>
/// <param name="Probes">Some samples between the first and the last.</param>
/// <param name="Last">The last one that is long enough to be looked into.</param>
internal sealed record SampleExtent(long Samples, long End, IReadOnlyList<SampleRange> Probes, SampleRange? Last);

/// <summary>
/// The tables of one track that lead from a sample to its bytes: its size (<c>stsz</c>, <c>stz2</c>), its chunk (<c>stsc</c>) and the
/// chunk's offset (<c>stco</c>, <c>co64</c>) (ISO/IEC 14496-12, 8.7).
/// </summary>
internal sealed class SampleTable
{
    private const int Probes = 8;
    private const int OffsetsLookedAt = 64;
    private const int ChunksFromTheEnd = 64;
    private const int SamplesFromTheEnd = 16 * 1024;

    // Three hours with a picture and a half in each chunk.
    private const int RunsPassed = 1_000_000;

    private readonly TableCursor offsets;
    private readonly TableCursor runs;
    private readonly TableCursor sizes;
    private readonly bool largeOffsets;
    private readonly uint commonSize;
    private readonly int sizeBits;

    /// <summary>Opens the tables among the boxes of <c>stbl</c>; those that are missing are empty.</summary>
    public SampleTable(ByteSource source, ByteWindow window, IReadOnlyList<IsoBox> boxes)
    {
        largeOffsets = Find(boxes, "co64"u8) is not null;
        offsets = TableCursor.Of(source, window, Find(boxes, "co64"u8) ?? Find(boxes, "stco"u8), largeOffsets ? 8 : 4);
        runs = TableCursor.Of(source, window, Find(boxes, "stsc"u8), 12);
        (sizes, commonSize, sizeBits, Count) = Sizes(source, window, Find(boxes, "stsz"u8), Find(boxes, "stz2"u8));
    }

    /// <summary>Samples of the track.</summary>
    public long Count { get; }

    /// <summary>Bytes of all tables.</summary>
    public long Bytes => offsets.Bytes + runs.Bytes + sizes.Bytes;

    /// <summary>Everything that the tables refer to.</summary>
    public SampleExtent ReadAll()
    {
        var extent = new ExtentBuilder(Math.Max(1, offsets.Count / Probes));
        long sample = 0;
        long run = -1;
        for (long chunk = 0; chunk < offsets.Count && sample < Count; chunk++)
        {
            while (run + 1 < runs.Count && runs.U32(run + 1) <= chunk + 1)
            {
                run++;
            }

            var samples = run < 0 ? 0 : Math.Min(runs.U32(run, 4), Count - sample);
            AddChunk(extent, chunk, sample, samples);
            sample += samples;
        }

        return extent.Build();
    }

    /// <summary>The offsets here and there, and the last chunks with their samples: enough to find a file that was cut, where
    /// the tables are too long to be read for that.</summary>
    public SampleExtent ReadEnds()
    {
        var extent = new ExtentBuilder(stride: 1);
        for (var look = 0; look < OffsetsLookedAt && look < offsets.Count; look++)
        {
            extent.AddOffset(OffsetOf(offsets.Count * look / OffsetsLookedAt));
        }

        // All chunks from the last run's first one on have equally many samples.
        var run = runs.Count - 1;
        var each = run < 0 ? 0 : runs.U32(run, 4);
        var first = run < 0 ? offsets.Count : Math.Max(runs.U32(run) - 1L, offsets.Count - ChunksFromTheEnd);
        if (each > 0 && (sizeBits == 0 || each <= SamplesFromTheEnd / ChunksFromTheEnd))
        {
            var sample = Count;
            for (var chunk = offsets.Count - 1; chunk >= first && sample > 0; chunk--)
            {
                var samples = Math.Min(each, sample);
                sample -= samples;
                AddChunk(extent, chunk, sample, samples);
            }
        }

        return extent.Build() with { Samples = offsets.Count > 0 && run >= 0 ? Count : 0 };
    }

    /// <summary>Bytes of a sample, from 0.</summary>
    public long SizeOf(long sample) => sizeBits switch
    {
        32 => sizes.U32(sample),
        16 => (sizes.U8(2 * sample) << 8) | sizes.U8((2 * sample) + 1),
        8 => sizes.U8(sample),
        // Two in a byte, the first in the upper half.
        4 => sample % 2 == 0 ? sizes.U8(sample / 2) >> 4 : sizes.U8(sample / 2) & 0xF,
        _ => commonSize,
    };

    /// <summary>Where a sample lies, and by which sample entry, from 1, it is coded; null where the tables do not lead to it, or only
    /// by a longer way than those of a sound file do.</summary>
    public (SampleRange Range, uint Entry)? Find(long sample)
    {
        var before = 0L;
        for (long run = 0; run < Math.Min(runs.Count, RunsPassed); run++)
        {
            var first = Math.Max(1, runs.U32(run)) - 1L;
            var end = run + 1 < runs.Count ? Math.Min(runs.U32(run + 1) - 1L, offsets.Count) : offsets.Count;
            var each = runs.U32(run, 4);
            if (each == 0 || end <= first)
            {
                continue;
            }

            var (chunk, index) = Math.DivRem(sample - before, each);
            if (chunk < end - first)
            {
                return OffsetOf(first + chunk, sample, index) is { } offset
                    ? (new SampleRange(offset, SizeOf(sample)), runs.U32(run, 8))
                    : null;
            }

            before += (end - first) * each;
        }

        return null;
    }

    private long? OffsetOf(long chunk, long sample, long index)
    {
        var offset = OffsetOf(chunk);
        if (sizeBits == 0)
        {
            return offset + (index * commonSize);
        }

        for (var earlier = sample - index; earlier < sample && index <= SamplesFromTheEnd; earlier++)
        {
            offset += SizeOf(earlier);
        }

        return index <= SamplesFromTheEnd ? offset : null;
    }

    private void AddChunk(ExtentBuilder extent, long chunk, long sample, long samples)
    {
        var offset = OffsetOf(chunk);
        if (sizeBits == 0)
        {
            extent.AddEqual(offset, samples, commonSize);
            return;
        }

        for (var index = sample; index < sample + samples; index++)
        {
            var size = SizeOf(index);
            extent.Add(offset, size);
            offset = offset > long.MaxValue - size ? long.MaxValue - size : offset + size;
        }

        extent.EndChunk();
    }

    private long OffsetOf(long chunk) => largeOffsets ? (long)Math.Min(offsets.U64(chunk), long.MaxValue / 2) : offsets.U32(chunk);

    private static IsoBox? Find(IReadOnlyList<IsoBox> boxes, ReadOnlySpan<byte> type)
    {
        foreach (var box in boxes)
        {
            if (box.Is(type))
            {
                return box;
            }
        }

        return null;
    }

    private static (TableCursor Sizes, uint Common, int Bits, long Count) Sizes(ByteSource source, ByteWindow window, IsoBox? full,
        IsoBox? compact)
    {
        var box = full ?? compact;
        var header = box is { Size: >= 12 } ? window.Get(box.Value.Content, 12) : [];
        if (header.Length < 12)
        {
            return (new TableCursor(source, 0, 0, 1), 0, 0, 0);
        }

        var declared = BinaryPrimitives.ReadUInt32BigEndian(header[8..]);
        var common = full is null ? 0 : BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        if (common > 0)
        {
            return (new TableCursor(source, 0, 0, 1), common, 0, declared);
        }

        int bits = full is not null ? 32 : header[7] is 4 or 8 or 16 ? header[7] : 8;
        var count = Math.Min(declared, (box!.Value.Size - 12) * 8 / bits);
        return (new TableCursor(source, box.Value.Content + 12, bits == 32 ? count : count * bits / 8, bits == 32 ? 4 : 1), 0, bits, count);
    }

    private sealed class ExtentBuilder(long stride)
    {
        private readonly List<SampleRange> probes = [];
        private long samples;
        private long end;
        private long chunks;
        private SampleRange? last;
        private SampleRange? firstOfChunk;

        public void Add(long offset, long size)
        {
            if (size == 0)
            {
                return;
            }

            samples++;
            end = Math.Max(end, offset > long.MaxValue - size ? long.MaxValue : offset + size);
            if (size >= SampleContent.ShortestCheckable)
            {
                firstOfChunk ??= new SampleRange(offset, size);
                last = last is null || offset >= last.Value.Offset ? new SampleRange(offset, size) : last;
            }
        }

        public void AddEqual(long offset, long count, uint size)
        {
            if (count > 0)
            {
                Add(offset, size);
            }

            if (count > 1)
            {
                Add(offset + ((count - 1) * size), size);
                samples += count - 2;
            }

            EndChunk();
        }

        public void AddOffset(long offset) => end = Math.Max(end, offset);

        public void EndChunk()
        {
            if (firstOfChunk is { } probe && ++chunks % stride == 0 && probes.Count < Probes)
            {
                probes.Add(probe);
            }

            firstOfChunk = null;
        }

        public SampleExtent Build() => new(samples, end, probes, last);
    }
}
