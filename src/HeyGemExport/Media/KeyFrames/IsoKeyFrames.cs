using System.Buffers.Binary;
using HeyGemExport.Media.Iso;

namespace HeyGemExport.Media.KeyFrames;

/// <summary>Key frames of MP4 and QuickTime: the sync samples (<c>stss</c>) of the first picture track (ISO/IEC 14496-12, 8.6.2).</summary>
internal sealed class IsoKeyFrames(ByteSource source)
{
    /// <summary>Bytes of a sample entry that are taken along; it has a codec's configuration, sometimes a colour profile.</summary>
    private const int MaxEntryBytes = 6 * 1024;

    // Codecs that browsers play from an MP4.
    private static readonly string[] Played = ["avc1", "avc3", "hvc1", "hev1", "av01", "vp09"];

    private readonly ByteWindow window = new(source);

    public KeyFrame? Find(int maxBytes)
    {
        foreach (var moov in TopLevel("moov"))
        {
            var boxes = Children(moov);
            foreach (var trak in boxes.Where(box => box.Is("trak"u8)))
            {
                if (Track.Read(source, window, trak) is { } track)
                {
                    return (track.Samples.Count > 0 ? Samples(track, maxBytes) : Fragments(track, boxes))
                        .Select(sample => Cut(track, sample.Range, sample.Entry, maxBytes))
                        .FirstOrDefault(found => found is not null);
                }
            }
        }

        return null;
    }

    private static IEnumerable<(SampleRange Range, uint Entry)> Samples(Track track, int maxBytes) =>
        SyncSamples(track.Sync, track.Samples.Count)
            .Where(sample => track.Samples.SizeOf(sample) is var size && size > 0 && size <= maxBytes)
            .Select(track.Samples.Find)
            .OfType<(SampleRange Range, uint Entry)>();

    // Long fragments carry about as much as others: a tenth of the bytes is a tenth of the video.
    private IEnumerable<(SampleRange Range, uint Entry)> Fragments(Track track, List<IsoBox> movie)
    {
        var defaults = movie.Where(box => box.Is("mvex"u8)).SelectMany(Children)
            .Select(box => box.Is("trex"u8) ? source.Copy(box.Content, Math.Min(24, box.Size)) : [])
            .FirstOrDefault(trex => trex.Length == 24 && BinaryPrimitives.ReadUInt32BigEndian(trex.AsSpan(4)) == track.Number) ?? [];
        var fragments = new FragmentKeyFrames(source, window, track.Number, defaults);
        return TopLevel("moof").Where(moof => moof.Start >= source.Length / 10).Select(fragments.FirstOf)
            .Concat(TopLevel("moof").Select(fragments.FirstOf))
            .OfType<SampleRange>()
            .Take(2 * KeyFrame.Candidates)
            .Select(range => (range, 1u));
    }

    private KeyFrame? Cut(Track track, SampleRange range, uint number, int maxBytes)
    {
        if (number < 1 || number > track.Entries.Count || range.Offset < 0 || range.Offset > source.Length - range.Size)
        {
            return null;
        }

        var box = track.Entries[(int)number - 1];
        var entry = source.Copy(box.Start, Math.Min(MaxEntryBytes + 1, box.End - box.Start));
        var isJpeg = SampleEntry.Read([.. new byte[8], .. entry], isPictures: true).Codec is "mjpeg";
        if (entry.Length is <= 8 or > MaxEntryBytes || !KeyFrame.Fits(range.Size, maxBytes, isJpeg))
        {
            return null;
        }

        return isJpeg ? KeyFrame.OfJpeg(source.Copy(range.Offset, range.Size))
            : Played.Contains(IsoBox.TextOf(entry.AsSpan(4, 4)), StringComparer.Ordinal)
                ? SingleFrameMp4.Write(new(ForApple(entry), track.Display), source.Copy(range.Offset, range.Size))
                : null;
    }

    // The first ones from a tenth on, then those before it, the nearest first. Without a table every sample is one.
    private static IEnumerable<long> SyncSamples(TableCursor? table, long samples)
    {
        var count = table?.Count ?? samples;
        var first = LowerBound(samples / 10);
        for (var index = first; index < Math.Min(count, first + KeyFrame.Candidates); index++)
        {
            yield return At(index);
        }

        for (var index = first - 1; index >= Math.Max(0, first - KeyFrame.Candidates); index--)
        {
            yield return At(index);
        }

        long At(long index) => table is null ? index : table.U32(index) - 1L;

        long LowerBound(long sample)
        {
            var (low, high) = (0L, count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = At(middle) < sample ? (middle + 1, high) : (low, middle);
            }

            return low;
        }
    }

    // Apple's players know HEVC only as hvc1, which promises that the configuration has all parameter sets (ISO/IEC 14496-15, 8.4.1.1).
    private static byte[] ForApple(byte[] entry)
    {
        var setup = entry.AsSpan().IndexOf("hvcC"u8);
        if (setup > 0 && entry.AsSpan(4).StartsWith("hev1"u8) && entry.Length > setup + 26 && entry[setup + 26] > 0)
        {
            "hvc1"u8.CopyTo(entry.AsSpan(4));
        }

        return entry;
    }

    private IEnumerable<IsoBox> TopLevel(string type)
    {
        for (long offset = 0; offset < source.Length && source.TryCount(); )
        {
            if (IsoBox.At(window, offset, source.Length) is not { } box)
            {
                yield break;
            }

            if (box.IsNamed(type))
            {
                yield return box;
            }

            offset = box.End;
        }
    }

    private List<IsoBox> Children(IsoBox box) => IsoBox.Children(source, window, box.Content, box.End);

    /// <param name="Display">Matrix, width and height of <c>tkhd</c>.</param>
    /// <param name="Entries">The sample entries.</param>
    /// <param name="Sync">Null where every sample is a key frame.</param>
    private sealed record Track(uint Number, byte[] Display, IReadOnlyList<IsoBox> Entries, SampleTable Samples, TableCursor? Sync)
    {
        private const int HeaderBytes = 84;
        private const int DisplayAt = 40;

        /// <summary>Null for a track without pictures.</summary>
        public static Track? Read(ByteSource source, ByteWindow window, IsoBox trak)
        {
            var boxes = In(trak);
            var media = In(Named(boxes, "mdia"));
            if (Named(media, "hdlr") is not { } handler || !source.Copy(handler.Content + 8, 4).AsSpan().SequenceEqual("vide"u8)
                || Named(boxes, "tkhd") is not { } tkhd || In(Named(In(Named(media, "minf")), "stbl")) is not { Count: > 0 } tables
                || Named(tables, "stsd") is not { } stsd)
            {
                return null;
            }

            // Its times take 64 bits instead of 32 in version 1.
            var later = source.Copy(tkhd.Content, 1) is [1] ? 12 : 0;
            var header = source.Copy(tkhd.Content, HeaderBytes + later);
            return header.Length < HeaderBytes + later ? null : new Track(
                BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(later == 0 ? 12 : 20)),
                header[(DisplayAt + later)..],
                IsoBox.Children(source, window, stsd.Content + 8, stsd.End),
                new SampleTable(source, window, tables),
                Named(tables, "stss") is { } stss ? TableCursor.Of(source, window, stss, 4) : null);

            List<IsoBox> In(IsoBox? box) => box is { } found ? IsoBox.Children(source, window, found.Content, found.End) : [];

            static IsoBox? Named(List<IsoBox> boxes, string type) =>
                boxes.FindIndex(box => box.IsNamed(type)) is >= 0 and var index ? boxes[index] : null;
        }
    }
}
