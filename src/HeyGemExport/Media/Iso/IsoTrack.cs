using System.Buffers.Binary;

namespace HeyGemExport.Media.Iso;

/// <summary>
/// One track of <c>moov</c>: rotation from <c>tkhd</c>, kind from <c>hdlr</c>, codec and picture size from the first sample entry, and its
/// sample tables (ISO/IEC 14496-12, 8.3 to 8.7).
/// </summary>
internal sealed class IsoTrack
{
    /// <summary>As much of the sample descriptions as is looked at: the first one, with its codec's configuration.</summary>
    private const int MaxDescriptionBytes = 4096;

    /// <summary>A longer <c>stts</c> is not added up; the track's header has the sum.</summary>
    private const int MaxTimes = 16 * 1024;

    private ulong duration;
    private long editStart;
    private double? shownSeconds;
    private (int? Width, int? Height) shown;
    private bool isTurned;
    private (long Samples, ulong Ticks) times;

    private IsoTrack(SampleTable samples) => Samples = samples;

    /// <summary>Its number, by which fragments name it.</summary>
    public uint Number { get; private set; }

    /// <summary>What it holds: <c>vide</c>, <c>soun</c> and others.</summary>
    public string Handler { get; private set; } = "";

    /// <summary>Its ticks a second.</summary>
    public uint TimeScale { get; private set; }

    /// <summary>Its first sample entry.</summary>
    public SampleEntry Entry { get; private set; } = SampleEntry.None;

    /// <summary>Its samples outside fragments.</summary>
    public SampleTable Samples { get; }

    /// <summary>What fragments add to it.</summary>
    public FragmentedTrack Fragments { get; } = new();

    /// <summary>Whether it is a track of pictures.</summary>
    public bool IsPictures => Handler is "vide";

    /// <summary>Whether it is a track of sound.</summary>
    public bool IsSound => Handler is "soun";

    /// <summary>The size of the picture as it is shown: the sample entry's, turned as the track is.</summary>
    public (int? Width, int? Height) Size => Entry.Width is null || Entry.Height is null ? shown
        : isTurned ? (Entry.Height, Entry.Width) : (Entry.Width, Entry.Height);

    /// <summary>When its last sample ends.</summary>
    public double? Seconds => Fragments.Samples > 0
        ? (Fragments.Ticks(TableTicks) / (double)TimeScale) + Delay
        : shownSeconds ?? TableTicks / (double)TimeScale;

    /// <summary>By how many seconds its first sample shifts the track, where all samples are in fragments; an edit list takes that
    /// back.</summary>
    public double Delay => Samples.Count == 0 && Fragments.Samples > 0 ? (Fragments.Delay - editStart) / (double)TimeScale : 0;

    /// <summary>Pictures a second, on average.</summary>
    public double? FrameRate => MediaFacts.Rate(
        (Samples.Count + Fragments.Samples) * (double)TimeScale / (PlayedTicks + Fragments.Duration));

    // stts says how long the samples are played, mdhd what the writer took for that.
    private ulong PlayedTicks => times.Samples == Samples.Count ? times.Ticks : duration;

    private ulong TableTicks => duration > 0 ? duration : times.Ticks;

    /// <summary>Reads what there is of a track; never fails.</summary>
    /// <param name="source">Where the boxes are.</param>
    /// <param name="window">A window on it.</param>
    /// <param name="trak">The track's box.</param>
    /// <param name="movieScale">The movie's ticks a second, by which <c>tkhd</c> measures.</param>
    public static IsoTrack Read(ByteSource source, ByteWindow window, IsoBox trak, uint movieScale)
    {
        List<IsoBox> boxes = [];
        Flatten(source, window, trak, boxes, [IsoBox.TypeOf("mdia"u8), IsoBox.TypeOf("minf"u8), IsoBox.TypeOf("stbl"u8)]);
        var track = new IsoTrack(new SampleTable(source, window, boxes));
        foreach (var box in boxes)
        {
            if (box.Is("tkhd"u8))
            {
                track.ReadHeader(window.Get(box.Content, (int)Math.Min(96, box.Size)), movieScale);
            }
            else if (box.Is("mdhd"u8))
            {
                var time = window.Get(box.Content, (int)Math.Min(32, box.Size));
                (track.TimeScale, track.duration) = (IsoTime.Scale(time) ?? 0, IsoTime.Ticks(time) ?? 0);
            }
            else if (box.Is("hdlr"u8) && track is { IsPictures: false, IsSound: false }
                && window.Get(box.Content, (int)Math.Min(12, box.Size)) is { Length: 12 } handler)
            {
                track.Handler = IsoBox.TextOf(handler[8..]);
            }
            else if (box.Is("stts"u8))
            {
                track.times = SumOf(TableCursor.Of(source, window, box, 8));
            }
        }

        foreach (var box in boxes.Where(box => box.Is("edts"u8))
            .SelectMany(edts => IsoBox.Children(source, window, edts.Content, edts.End)))
        {
            track.editStart = EditStart(window.Get(box.Content, (int)Math.Min(28, box.Size)));
        }

        foreach (var box in boxes.Where(box => box.Is("stsd"u8)))
        {
            track.Entry = SampleEntry.Read(window.Get(box.Content, (int)Math.Min(MaxDescriptionBytes, box.Size)), track.IsPictures);
        }

        return track;
    }

    // Each kind is entered once, below the one before it: that bounds the depth.
    private static void Flatten(ByteSource source, ByteWindow window, IsoBox parent, List<IsoBox> boxes, ReadOnlySpan<uint> inner)
    {
        foreach (var box in IsoBox.Children(source, window, parent.Content, parent.End))
        {
            if (!inner.IsEmpty && box.Type == inner[0])
            {
                Flatten(source, window, box, boxes, inner[1..]);
            }
            else
            {
                boxes.Add(box);
            }
        }
    }

    // elst (8.6.6): the first edit's duration, then where in the track it begins; -1 for a pause.
    private static long EditStart(ReadOnlySpan<byte> edits) => edits.Length switch
    {
        >= 28 when edits[0] == 1 => Math.Max(0, BinaryPrimitives.ReadInt64BigEndian(edits[16..])),
        >= 16 when edits[0] == 0 => Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(edits[12..])),
        _ => 0,
    };

    private static (long Samples, ulong Ticks) SumOf(TableCursor table)
    {
        (long Samples, ulong Ticks) sum = (-1, 0);
        if (table.Count is 0 or > MaxTimes)
        {
            return sum;
        }

        sum.Samples = 0;
        for (var index = 0; index < table.Count; index++)
        {
            var count = table.U32(index);
            sum = (sum.Samples + count, sum.Ticks + ((ulong)count * table.U32(index, 4)));
        }

        return sum;
    }

    // 8.3.2: a matrix of nine numbers, then width and height as 16.16 fixed-point numbers.
    private void ReadHeader(ReadOnlySpan<byte> header, uint movieScale)
    {
        var later = header is [1, ..] ? 12 : 0;
        if (header.Length < 84 + later)
        {
            return;
        }

        Number = BinaryPrimitives.ReadUInt32BigEndian(header[(later == 0 ? 12 : 20)..]);
        var (ticks, unknown) = later == 0
            ? (BinaryPrimitives.ReadUInt32BigEndian(header[20..]), uint.MaxValue)
            : (BinaryPrimitives.ReadUInt64BigEndian(header[28..]), ulong.MaxValue);
        shownSeconds = ticks is 0 || ticks == unknown || movieScale == 0 ? null : ticks / (double)movieScale;

        var matrix = header.Slice(40 + later, 36);
        var upright = BinaryPrimitives.ReadInt32BigEndian(matrix) != 0 || BinaryPrimitives.ReadInt32BigEndian(matrix[16..]) != 0;
        var turned = BinaryPrimitives.ReadInt32BigEndian(matrix[4..]) != 0 && BinaryPrimitives.ReadInt32BigEndian(matrix[12..]) != 0;
        var width = MediaFacts.Pixels(BinaryPrimitives.ReadUInt16BigEndian(header[(76 + later)..]));
        var height = MediaFacts.Pixels(BinaryPrimitives.ReadUInt16BigEndian(header[(80 + later)..]));
        isTurned = turned && !upright;
        shown = isTurned ? (height, width) : (width, height);
    }
}

/// <summary><c>mvhd</c> and <c>mdhd</c>, which begin alike (8.2.2 and 8.4.2).</summary>
internal static class IsoTime
{
    /// <summary>Ticks; null where they are not told.</summary>
    public static ulong? Ticks(ReadOnlySpan<byte> header)
    {
        if (Scale(header) is null)
        {
            return null;
        }

        var (ticks, unknown) = header[0] == 1
            ? (BinaryPrimitives.ReadUInt64BigEndian(header[24..]), ulong.MaxValue)
            : (BinaryPrimitives.ReadUInt32BigEndian(header[16..]), uint.MaxValue);
        return ticks == unknown ? null : ticks;
    }

    /// <summary>Ticks a second; null where it is too short.</summary>
    public static uint? Scale(ReadOnlySpan<byte> header) =>
        header.Length < 20 || (header[0] == 1 && header.Length < 32) ? null
            : BinaryPrimitives.ReadUInt32BigEndian(header[(header[0] == 1 ? 20 : 12)..]);
}
