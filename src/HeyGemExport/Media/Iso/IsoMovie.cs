using System.Buffers.Binary;
using System.IO.Compression;

namespace HeyGemExport.Media.Iso;

/// <summary><c>moov</c>: the playing time (<c>mvhd</c>) and the tracks.</summary>
internal sealed class IsoMovie
{
    private const int MaxTracks = 256;
    private const int MaxUnpackedBytes = 2 * 1024 * 1024;

    private double? seconds;

    private IsoMovie()
    {
    }

    /// <summary>Its tracks, as they stand in it.</summary>
    public List<IsoTrack> Tracks { get; } = [];

    /// <summary>The tracks by their numbers.</summary>
    public Dictionary<uint, IsoTrack> ByNumber { get; } = [];

    /// <summary>The first picture track.</summary>
    public IsoTrack? Pictures => Tracks.Find(track => track.IsPictures);

    /// <summary>Reads a movie; its boxes can be packed (QuickTime File Format, "Compressed Movie Resources").</summary>
    public static IsoMovie Read(ByteSource source, ByteWindow window, IsoBox moov)
    {
        var movie = new IsoMovie();
        var children = IsoBox.Children(source, window, moov.Content, moov.End);
        foreach (var packed in children.Where(box => box.Is("cmov"u8)))
        {
            if (Unpack(source, window, packed) is { } unpacked)
            {
                var inner = new ByteWindow(unpacked);
                foreach (var box in IsoBox.Children(unpacked, inner, 0, unpacked.Length).Where(box => box.Is("moov"u8)))
                {
                    movie.ReadBoxes(unpacked, inner, IsoBox.Children(unpacked, inner, box.Content, box.End));
                }
            }
        }

        movie.ReadBoxes(source, window, children);
        return movie;
    }

    /// <summary>What it says of the whole file, after all fragments have been read.</summary>
    /// <param name="container">What its <c>ftyp</c> makes it.</param>
    /// <param name="isFragmented">Whether there were fragments, of which <c>mvhd</c> says nothing.</param>
    public MediaFacts Describe(string container, bool isFragmented)
    {
        var longest = Tracks.Select(track => track.Seconds ?? 0).Where(double.IsFinite).DefaultIfEmpty().Max()
            - Tracks.Select(track => track.Delay).Where(double.IsFinite).DefaultIfEmpty().Min();
        var pictures = Pictures;
        var playing = seconds is > 0 and var told ? isFragmented ? Math.Max(told, longest) : told : longest;
        return new MediaFacts(
            container,
            pictures?.Entry.Codec,
            Tracks.Find(track => track.IsSound)?.Entry.Codec,
            pictures?.FrameRate,
            MediaFacts.Seconds(playing),
            pictures?.Size.Width,
            pictures?.Size.Height);
    }

    private void ReadBoxes(ByteSource source, ByteWindow window, List<IsoBox> boxes)
    {
        uint scale = 0;
        foreach (var box in boxes.Where(box => box.Is("mvhd"u8)))
        {
            var header = window.Get(box.Content, (int)Math.Min(32, box.Size));
            scale = IsoTime.Scale(header) ?? 0;
            seconds = IsoTime.Ticks(header) is { } ticks && scale > 0 ? ticks / (double)scale : null;
        }

        foreach (var box in boxes.Where(box => box.Is("trak"u8)).Take(MaxTracks))
        {
            var track = IsoTrack.Read(source, window, box, scale);
            Tracks.Add(track);
            ByNumber.TryAdd(track.Number, track);
        }

        foreach (var box in boxes.Where(box => box.Is("mvex"u8))
            .SelectMany(mvex => IsoBox.Children(source, window, mvex.Content, mvex.End)))
        {
            if (box.Is("trex"u8) && window.Get(box.Content, 20) is { Length: 20 } content
                && ByNumber.TryGetValue(BinaryPrimitives.ReadUInt32BigEndian(content[4..]), out var track))
            {
                track.Fragments.DefaultDuration = BinaryPrimitives.ReadUInt32BigEndian(content[12..]);
                track.Fragments.DefaultSize = BinaryPrimitives.ReadUInt32BigEndian(content[16..]);
            }
        }
    }

    // cmvd is the length of the movie, then zlib's stream.
    private static ByteSource? Unpack(ByteSource source, ByteWindow window, IsoBox packed)
    {
        foreach (var box in IsoBox.Children(source, window, packed.Content, packed.End))
        {
            if (box.Is("cmvd"u8) && box.Size is > 4 and <= MaxUnpackedBytes)
            {
                var content = source.Copy(box.Content, box.Size);
                var movie = new byte[(int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(content), MaxUnpackedBytes)];
                try
                {
                    using var zlib = new ZLibStream(new MemoryStream(content, 4, content.Length - 4), CompressionMode.Decompress);
                    return new ByteSource(new MemoryStream(movie, 0, zlib.ReadAtLeast(movie, movie.Length, throwOnEndOfStream: false)),
                        CancellationToken.None);
                }
                catch (InvalidDataException)
                {
                    return null;
                }
            }
        }

        return null;
    }
}
