using System.Diagnostics;
using HeyGemExport.Media;
using static HeyGemExport.Tests.Library.ClipBytes;

namespace HeyGemExport.Tests.Media;

/// <summary>What it costs to inspect large files.</summary>
public class CostTests
{
    private const int Megabyte = 1_000_000;
    private const long Length = 300L * Megabyte;

    /// <summary>Where the media begin: behind the tables.</summary>
    private const long MediaAt = 6L * Megabyte;

    private static readonly byte[] Media = [.. Enumerable.Repeat((byte)7, 4096)];

    [Theory]
    [InlineData(5)]
    [InlineData(60)]
    [InlineData(180)]
    public void A_faststart_mp4_of_300_megabytes_costs_less_than_a_megabyte_of_reading_and_20_ms(int minutes)
    {
        var head = FaststartHead(minutes);
        var fastest = TimeSpan.MaxValue;
        for (var round = 0; round < 30; round++)
        {
            var file = new PatternStream(head, Media, Length);
            var started = Stopwatch.GetTimestamp();
            var report = MediaInspector.Inspect(file);
            fastest = TimeSpan.FromTicks(Math.Min(fastest.Ticks, Stopwatch.GetElapsedTime(started).Ticks));

            Assert.Null(report.Defect);
            Assert.Empty(report.Notes);
            Assert.True(file.BytesRead < Megabyte, $"{file.BytesRead:N0} bytes");
        }

        Assert.True(fastest.TotalMilliseconds < 20, $"{fastest.TotalMilliseconds} ms");
    }

    [Theory]
    [InlineData(5)]
    [InlineData(180)]
    public void A_large_file_that_was_cut_is_found(int minutes) =>
        Assert.Equal("cut-short", MediaInspector.Inspect(new PatternStream(FaststartHead(minutes), Media, Length - 1)).Defect?.Code);

    [Fact]
    public void Two_hours_with_a_fragment_for_each_picture_and_piece_of_sound_are_read_to_the_end()
    {
        const int Fragments = 550_000;
        var head = Join(Ftyp, Movie(0, fragmented: true));
        var fragment = Join(Fragment(16), Box("mdat", Picture[..16]));
        var length = head.Length + ((long)Fragments * fragment.Length);
        fragment = Repeat(fragment);

        var whole = MediaInspector.Inspect(new PatternStream(head, fragment, length));
        var cut = MediaInspector.Inspect(new PatternStream(head, fragment, length - 1));

        Assert.Equal((null, 0), (whole.Defect, whole.Notes.Count));
        Assert.Equal("cut-short", cut.Defect?.Code);
    }

    [Fact]
    public void Three_hours_of_live_matroska_with_open_clusters_are_read_to_the_end()
    {
        const int Clusters = 400_000;
        var head = Join(EbmlHeader, OpenElement(0x18538067, MkvTracks()));
        var cluster = OpenElement(0x1F43B675, Join(Element(0xE7, [0]), Element(0xA3, Join([0x82, 0, 0, 0x80], Picture[..20]))));
        var length = head.Length + ((long)Clusters * cluster.Length);
        cluster = Repeat(cluster);

        var whole = MediaInspector.Inspect(new PatternStream(head, cluster, length));
        var cut = MediaInspector.Inspect(new PatternStream(head, cluster, length - 1));

        Assert.Equal((null, 0), (whole.Defect, whole.Notes.Count));
        Assert.Equal("cut-short", cut.Defect?.Code);
    }

    [Fact]
    public void A_file_of_millions_of_tiny_boxes_is_given_up_on()
    {
        var tiny = Repeat(Box("free"));
        const long Boxes = 5_000_000 * 8;

        Assert.Equal("too-many-parts", MediaInspector.Inspect(new PatternStream(Ftyp, tiny, Ftyp.Length + Boxes)).Defect?.Code);

        var playing = MediaInspector.Inspect(new PatternStream(Mp4, tiny, Mp4.Length + Boxes));
        Assert.Equal((null, "checked-in-part"), (playing.Defect, Assert.Single(playing.Notes).Code));
    }

    [Fact]
    public void Counts_that_are_not_true_cost_neither_memory_nor_time()
    {
        var tables = Join(
            Box("stsz", Big32(0), Big32(0), Big32(uint.MaxValue), Big32(1000)),
            Box("stsc", Big32(0), Big32(uint.MaxValue), Big32(1), Big32(uint.MaxValue), Big32(1)),
            Box("stco", Big32(0), Big32(uint.MaxValue), Big32(64)));
        var movie = Box("moov", Box("trak", Box("mdia", Box("hdlr", new byte[8], Ascii("vide")), Box("minf", Box("stbl", tables)))));
        var file = Join(Ftyp, movie, Box("mdat", Picture));
        var allocated = GC.GetAllocatedBytesForCurrentThread();

        Assert.Null(MediaInspector.Inspect(new MemoryStream(file)).Defect);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - allocated < Megabyte);
    }

    /// <summary>25 pictures and 47 pieces of sound a second, each a chunk of its own, as an encoder that interleaves them leaves
    /// them.</summary>
    private static byte[] FaststartHead(int minutes)
    {
        var (pictures, sounds) = (minutes * 60 * 25, minutes * 60 * 47);
        var movie = Tracks((Length - MediaAt - 1000) / sounds);
        return Join(Ftyp, movie, Big32((uint)(Length - Ftyp.Length - movie.Length)), Ascii("mdat"));

        byte[] Tracks(long every) => Box("moov", Track("vide", pictures, every * sounds / pictures), Track("soun", sounds, every));

        byte[] Track(string handler, int samples, long every) => Box("trak", Box(
            "mdia",
            Box("hdlr", new byte[8], Ascii(handler)),
            Box("minf", Box(
                "stbl",
                Box("stts", Big32(0), Big32(1), Big32((uint)samples), Big32(1)),
                Box("stsz", Big32(0), Big32(0), Big32((uint)samples), Numbers(samples, _ => 100)),
                Box("stsc", Big32(0), Big32(1), Big32(1), Big32(1), Big32(1)),
                Box("stco", Big32(0), Big32((uint)samples), Numbers(samples, index => index == samples - 1 ? (uint)(Length - 100)
                    : (uint)(MediaAt + (index * every))))))));
    }

    private static byte[] Repeat(byte[] unit) => Join([.. Enumerable.Repeat(unit, 200)]);

    private static byte[] Numbers(int count, Func<int, uint> number)
    {
        var bytes = new byte[4 * count];
        for (var index = 0; index < count; index++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 * index), number(index));
        }

        return bytes;
    }
}
