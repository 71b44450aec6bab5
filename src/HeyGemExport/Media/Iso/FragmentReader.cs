using System.Buffers.Binary;
using System.Numerics;

namespace HeyGemExport.Media.Iso;

/// <summary>Reads fragments (<c>moof</c>): where their samples lie and how long they last (ISO/IEC 14496-12, 8.8).</summary>
internal sealed class FragmentReader(ByteSource source, ByteWindow window, IReadOnlyDictionary<uint, IsoTrack> tracks)
{
    // Flags of tfhd (8.8.7): which fields are there, and what offsets count from.
    private const uint HasBaseOffset = 0x1;
    private const uint HasDescription = 0x2;
    private const uint HasDefaultDuration = 0x8;
    private const uint HasDefaultSize = 0x10;
    private const uint BaseIsFragment = 0x20000;

    // Flags of trun (8.8.8).
    private const uint HasDataOffset = 0x1;
    private const uint HasFirstFlags = 0x4;
    private const uint HasDuration = 0x100;
    private const uint HasSize = 0x200;
    private const uint HasDelay = 0x800;
    private const uint SampleFields = 0xF00;

    private const int MaxRuns = 64;

    private readonly List<SampleRange> runs = [];

    /// <summary>Fragments read.</summary>
    public int Count { get; private set; }

    /// <summary>Where the last byte that they refer to lies, plus one.</summary>
    public long End { get; private set; }

    /// <summary>Where a fragment begins that leads to before the file or says more than it has room for, or null.</summary>
    public long? DamagedAt { get; private set; }

    /// <summary>What is missing of the data of the last fragment, where another box stands in it; 0 where none does.</summary>
    public long MissingAt(IsoBox box) => runs
        .Where(run => box.Start < run.Offset + run.Size && box.End > run.Offset)
        .Select(run => Math.Min(run.Size, run.Offset + run.Size - box.Start))
        .DefaultIfEmpty()
        .Max();

    /// <summary>Reads one fragment.</summary>
    public void Read(IsoBox moof)
    {
        Count++;
        runs.Clear();
        var data = moof.Start;
        for (var offset = moof.Content; IsoBox.At(window, offset, moof.End) is { } box && box.End <= moof.End
            && source.TryCount(); offset = box.End)
        {
            if (box.Is("traf"u8))
            {
                data = ReadTrack(moof, box, data);
            }
        }
    }

    /// <param name="moof">The fragment.</param>
    /// <param name="traf">Its part of one track.</param>
    /// <param name="data">Where its samples begin if it does not say: behind those before it.</param>
    private long ReadTrack(IsoBox moof, IsoBox traf, long data)
    {
        Header header = new(new FragmentedTrack(), data, 0, 0);
        ulong? begin = null;
        ulong duration = 0;
        for (var offset = traf.Content; IsoBox.At(window, offset, traf.End) is { } box && box.End <= traf.End
            && source.TryCount(); offset = box.End)
        {
            if (box.Is("tfhd"u8))
            {
                header = ReadHeader(window.Get(box.Content, (int)Math.Min(32, box.Size)), moof.Start, data);
                data = header.Base;
            }
            else if (box.Is("tfdt"u8))
            {
                begin = BeginOf(window.Get(box.Content, (int)Math.Min(12, box.Size)));
            }
            else if (box.Is("trun"u8))
            {
                var run = ReadRun(box, header, ref data, moof.Start);
                header.Track.Add(run);
                duration += run.Duration;
            }
        }

        if (begin is { } first)
        {
            header.Track.EndFragment(first, duration);
        }

        return data;
    }

    private Header ReadHeader(ReadOnlySpan<byte> header, long fragment, long data)
    {
        if (header.Length < 8)
        {
            return new Header(new FragmentedTrack(), data, 0, 0);
        }

        var flags = FlagsOf(header);
        var track = tracks.GetValueOrDefault(BinaryPrimitives.ReadUInt32BigEndian(header[4..]))?.Fragments ?? new FragmentedTrack();
        var at = 8;
        var start = (flags & BaseIsFragment) != 0 ? fragment : data;
        if ((flags & HasBaseOffset) != 0)
        {
            start = header.Length < at + 8 ? start : (long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(header[at..]), long.MaxValue / 2);
            at += 8;
        }

        at += (flags & HasDescription) != 0 ? 4 : 0;
        var duration = Field(header, ref at, flags & HasDefaultDuration) ?? track.DefaultDuration;
        var size = Field(header, ref at, flags & HasDefaultSize) ?? track.DefaultSize;
        return new Header(track, start, duration, size);
    }

    private static uint? Field(ReadOnlySpan<byte> header, ref int at, uint isThere)
    {
        if (isThere == 0 || header.Length < at + 4)
        {
            return null;
        }

        at += 4;
        return BinaryPrimitives.ReadUInt32BigEndian(header[(at - 4)..]);
    }

    private static ulong? BeginOf(ReadOnlySpan<byte> time) => time.Length switch
    {
        >= 12 when time[0] == 1 => BinaryPrimitives.ReadUInt64BigEndian(time[4..]),
        >= 8 when time[0] == 0 => BinaryPrimitives.ReadUInt32BigEndian(time[4..]),
        _ => null,
    };

    private RunTotals ReadRun(IsoBox trun, Header header, ref long data, long fragment)
    {
        var head = window.Get(trun.Content, (int)Math.Min(12, trun.Size));
        if (head.Length < 8)
        {
            return default;
        }

        var flags = FlagsOf(head);
        long count = BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
        if ((flags & HasDataOffset) != 0 && head.Length == 12)
        {
            data = header.Base + BinaryPrimitives.ReadInt32BigEndian(head[8..]);
        }

        var width = 4 * BitOperations.PopCount(flags & SampleFields);
        var first = trun.Content + 8 + ((flags & HasDataOffset) != 0 ? 4 : 0) + ((flags & HasFirstFlags) != 0 ? 4 : 0);
        if (data < 0 || (width > 0 && count > (trun.End - first) / width))
        {
            DamagedAt ??= fragment;
            return default;
        }

        var run = (flags & (HasDuration | HasSize | HasDelay)) == 0
            ? EqualSamples(count, header, data)
            : AddUp(first, count, width, flags, header, data);
        if (run.Bytes > 0 && runs.Count < MaxRuns)
        {
            runs.Add(new SampleRange(data, run.Bytes));
        }

        data = data > long.MaxValue - run.Bytes ? long.MaxValue : data + run.Bytes;
        End = run.Bytes > 0 ? Math.Max(End, data) : End;
        return run;
    }

    private static RunTotals EqualSamples(long count, Header header, long data) => new(
        count,
        header.Size > 0 ? count : 0,
        (ulong)count * header.Duration,
        count * header.Size,
        count > 0 && header.Size >= SampleContent.ShortestCheckable ? new SampleRange(data + ((count - 1) * header.Size), header.Size)
            : null);

    private RunTotals AddUp(long first, long count, int width, uint flags, Header header, long data)
    {
        var sizeAt = (flags & HasDuration) != 0 ? 4 : 0;
        (long filled, ulong duration, long bytes, SampleRange? last) = (0, 0, 0, null);
        (int first, int least) delay = (0, 0);
        for (long index = 0; index < count; index++)
        {
            var sample = window.Get(first + (index * width), width);
            if (sample.Length < width)
            {
                break;
            }

            duration += (flags & HasDuration) != 0 ? BinaryPrimitives.ReadUInt32BigEndian(sample) : header.Duration;
            var size = (flags & HasSize) != 0 ? BinaryPrimitives.ReadUInt32BigEndian(sample[sizeAt..]) : header.Size;
            filled += size > 0 ? 1 : 0;
            last = size >= SampleContent.ShortestCheckable && data <= long.MaxValue - bytes ? new SampleRange(data + bytes, size) : last;
            bytes += size;
            if ((flags & HasDelay) != 0)
            {
                // The last field of a sample.
                var late = BinaryPrimitives.ReadInt32BigEndian(sample[(width - 4)..]);
                delay = (index == 0 ? late : delay.first, Math.Min(delay.least, late));
            }
        }

        return new RunTotals(count, filled, duration, bytes, last, delay.first, delay.least);
    }

    private static uint FlagsOf(ReadOnlySpan<byte> content) => BinaryPrimitives.ReadUInt32BigEndian(content) & 0xFF_FFFF;

    private readonly record struct Header(FragmentedTrack Track, long Base, uint Duration, uint Size);
}
