using HeyGemExport.Library;
using static HeyGemExport.Tests.Library.ClipBytes;

namespace HeyGemExport.Tests.Library;

/// <summary>What each container's structure says about a file that has settled.</summary>
public class ContainerTests
{
    private static readonly byte[] Ftyp = Box("ftyp", Ascii("isom0000isom"));
    private static readonly byte[] Mdat = Box("mdat", new byte[1000]);

    public static TheoryData<string, string, byte[]> CompleteFiles => new()
    {
        { "mp4", ".mp4", Mp4 },
        { "upper case", ".MP4", Mp4 },
        { "movie at the end", ".mp4", Join(Ftyp, Mdat, Movie()) },
        { "64-bit length", ".mp4", Join(Ftyp, Movie(), LargeBox("mdat", new byte[500])) },
        { "last box to the end", ".mp4", Join(Ftyp, Movie(), Big32(0), Ascii("mdat"), new byte[500]) },
        { "fragments", ".mp4", Join(Ftyp, Movie(), Box("moof", new byte[20]), Mdat, Box("moof", new byte[20]), Mdat, Box("mfra")) },
        { "mov without ftyp", ".mov", Join(Box("wide"), Mdat, Movie()) },
        { "avi", ".avi", Avi },
        { "OpenDML avi", ".avi", Join(Avi, Riff("AVIX", List("movi", Chunk("00dc", new byte[99]))), Riff("AVIX", List("movi"))) },
        { "avi with a byte of padding", ".avi", Join(Avi, [0]) },
        { "mkv", ".mkv", Mkv },
        { "live mkv", ".mkv", Join(EbmlHeader, OpenElement(0x18538067, Join(MkvInfo(), MkvTracks(), MkvCluster(), MkvCluster()))) },
        { "live mkv with open clusters", ".mkv", Join(EbmlHeader, OpenElement(0x18538067, Join(MkvTracks(), OpenElement(0x1F43B675, Element(0xA3, new byte[50])), OpenElement(0x1F43B675, Element(0xA3, new byte[50]))))) },
    };

    public static TheoryData<string, byte[], string> BrokenFiles => new()
    {
        { ".mp4", [], "empty" },
        { ".mp4", new byte[5000], "not-a-container" },
        { ".mp4", Ascii("<html>not found</html>"), "not-a-container" },
        { ".mp4", [1, 2, 3], "not-a-container" },
        { ".mp4", Mkv, "not-a-container" },
        { ".avi", Mp4, "not-a-container" },
        { ".mkv", Avi, "not-a-container" },
        { ".mp4", Join(Movie(), Mdat), "ftyp-missing" },
        { ".mp4", Join(Ftyp, Box("free"), Big32(0), Ascii("mdat"), new byte[900]), "moov-missing" },
        { ".mov", Join(Ftyp, Mdat), "moov-missing" },
        { ".mp4", Join(Ftyp, Movie()), "mdat-missing" },
        { ".mp4", Mp4[..^1], "boxes-short" },
        { ".mp4", Join(Mp4, [0, 0, 0]), "boxes-short" },
        { ".mp4", Join(Mp4, Big32(1), Ascii("free")), "boxes-short" },
        { ".mp4", Join(Mp4, new byte[100]), "box-invalid" },
        { ".mp4", Join(Mp4, Big32(7), Ascii("free")), "box-invalid" },
        { ".mp4", Join(Mp4, Big32(1), Ascii("free"), Big64(ulong.MaxValue)), "box-invalid" },
        { ".mp4", Join(Mp4, Big32(1), Ascii("free"), Big64(15)), "box-invalid" },
        { ".avi", Avi[..^1], "riff-short" },
        { ".avi", Join(Ascii("RIFF"), Little32(0), Avi[8..]), "riff-unfinished" },
        { ".avi", Join(Ascii("RIFF"), Little32(uint.MaxValue), Avi[8..]), "riff-unfinished" },
        { ".avi", Join(Avi, new byte[64]), "riff-trailing" },
        { ".avi", Join(Avi, [1, 2, 3]), "riff-trailing" },
        { ".avi", Riff("AVI ", AviHeader(), Join(Ascii("LIST"), Little32(5000), Ascii("movi"))), "riff-invalid" },
        { ".avi", Riff("AVI ", AviHeader()), "movi-missing" },
        { ".mkv", Mkv[..^1], "segment-short" },
        { ".mkv", EbmlHeader, "segment-missing" },
        { ".mkv", Join(EbmlHeader, Element(0x18538067, MkvTracks())), "cluster-missing" },
        { ".mkv", Join(EbmlHeader, OpenElement(0x18538067, Join(MkvTracks(), MkvCluster(), MkvCluster()[..^1]))), "segment-short" },
        { ".mkv", Join(EbmlHeader, OpenElement(0x18538067, Join(MkvTracks(), MkvCluster(), [0x1F, 0x43]))), "segment-short" },
        { ".mkv", Join(EbmlHeader, OpenElement(0x18538067, Join(MkvTracks(), MkvCluster(), new byte[40]))), "element-invalid" },
        { ".mkv", Join(EbmlHeader, OpenElement(0x18538067, Join(MkvTracks(), MkvCluster(), Element(0x81, [1])))), "element-invalid" },
    };

    [Theory]
    [MemberData(nameof(CompleteFiles))]
    public async Task A_complete_container_is_ready(string what, string extension, byte[] content)
    {
        using var bed = new LibraryBed();
        bed.Write("clip" + extension, content);

        var video = await bed.StateOfAsync("clip" + extension);

        Assert.True(video.State == VideoState.Ready, $"{what}: {video.Fault}");
        Assert.Null(video.Fault);
    }

    [Theory]
    [MemberData(nameof(BrokenFiles))]
    public async Task An_incomplete_container_is_broken_and_says_why(string extension, byte[] content, string code)
    {
        using var bed = new LibraryBed();
        bed.Write("clip" + extension, content);

        var video = await bed.StateOfAsync("clip" + extension);

        Assert.Equal((VideoState.Broken, code), (video.State, video.Fault?.Code));
        Assert.Contains(code, VideoFaults.Codes, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_file_cut_anywhere_is_broken()
    {
        using var bed = new LibraryBed();
        foreach (var (name, content) in new[] { ("mp4", Mp4), ("avi", Avi), ("mkv", Mkv) })
        {
            // Each byte of the headers, and here and there in the media.
            foreach (var length in Enumerable.Range(0, content.Length).Where(length => length < 450 || length % 97 == 0))
            {
                bed.Write($"{name}/{length}.{name}", content[..length]);
            }
        }

        var snapshot = await bed.ScanAsync();

        Assert.True(snapshot.Videos.Count > 3 * 450);
        Assert.All(snapshot.Videos, video => Assert.Equal(VideoState.Broken, video.State));
    }

    [Fact]
    public async Task A_short_file_says_how_many_bytes_it_should_have()
    {
        using var bed = new LibraryBed();
        bed.Write("a.mp4", Mp4[..^400]);
        bed.Write("a.avi", Avi[..^400]);
        bed.Write("a.mkv", Mkv[..^400]);

        Assert.Equal([(long)Mp4.Length, Mp4.Length - 400L], (await bed.StateOfAsync("a.mp4")).Fault!.Args);
        Assert.Equal([(long)Avi.Length, Avi.Length - 400L], (await bed.StateOfAsync("a.avi")).Fault!.Args);
        Assert.Equal([(long)Mkv.Length, Mkv.Length - 400L], (await bed.StateOfAsync("a.mkv")).Fault!.Args);
    }

    [Fact]
    public async Task Reads_playing_time_and_the_size_of_the_picture_track()
    {
        using var bed = new LibraryBed();
        bed.Write("a.mp4", Mp4);
        bed.Write("long.mp4", Join(Ftyp, Movie(version1: true), Mdat));
        bed.Write("a.avi", Avi);
        bed.Write("a.mkv", Mkv);

        var snapshot = await bed.ScanAsync();

        var figures = snapshot.Videos.ToDictionary(video => video.Path, video => (video.DurationSeconds, video.Width, video.Height), StringComparer.Ordinal);
        Assert.Equal((12.5, 1280, 720), figures["a.mp4"]);
        Assert.Equal((12.5, 1280, 720), figures["long.mp4"]);
        Assert.Equal((6, 640, 360), figures["a.avi"]);
        Assert.Equal((7.25, 1920, 1080), figures["a.mkv"]);
    }

    [Theory]
    [InlineData(".mp4")]
    [InlineData(".avi")]
    [InlineData(".mkv")]
    public async Task Figures_that_make_no_sense_are_left_out_and_break_nothing(string extension)
    {
        var content = extension switch
        {
            ".mp4" => Join(Ftyp, Box("moov", Box("mvhd", new byte[3]), Box("trak", Box("tkhd"), Big32(9999), Ascii("mdia"))), Mdat),
            ".avi" => Riff("AVI ", List("hdrl", Chunk("avih", new byte[56]), List("strl", Chunk("strh", Join(Ascii("vids"), new byte[50])))), List("movi")),
            _ => Join(EbmlHeader, Element(0x18538067, Join(
                Element(0x1549A966, Element(0x4489, Big64(BitConverter.DoubleToUInt64Bits(double.NaN)))),
                Element(0x1654AE6B, Element(0xAE, [0x83, 0xFF])),
                MkvCluster()))),
        };
        using var bed = new LibraryBed();
        bed.Write("clip" + extension, content);

        var video = await bed.StateOfAsync("clip" + extension);

        Assert.Equal((VideoState.Ready, null, null, null), (video.State, video.DurationSeconds, video.Width, video.Height));
    }

    [Fact]
    public async Task A_file_of_millions_of_tiny_boxes_is_given_up_on()
    {
        using var bed = new LibraryBed();
        var tiny = Box("free");
        var content = new byte[tiny.Length * 1_100_000];
        for (var offset = 0; offset < content.Length; offset += tiny.Length)
        {
            tiny.CopyTo(content, offset);
        }

        bed.Write("bomb.mp4", content);

        Assert.Equal("too-many-parts", (await bed.StateOfAsync("bomb.mp4")).Fault?.Code);
    }

    [Fact]
    public async Task A_file_over_four_gigabytes_is_read_by_its_structure_alone()
    {
        using var bed = new LibraryBed();
        const long Media = 5_000_000_000;
        var path = bed.Write("large.mp4", Join(Ftyp, Movie(), Big32(1), Ascii("mdat"), Big64(Media)));
        await using (var file = new FileStream(path, FileMode.Open))
        {
            file.SetLength(file.Length - 16 + Media);
        }

        File.SetLastWriteTimeUtc(path, bed.Time.GetUtcNow().AddHours(-1).UtcDateTime);

        var video = await bed.StateOfAsync("large.mp4");

        Assert.Equal(VideoState.Ready, video.State);
        Assert.True(video.Bytes > Media);
    }

    [Fact]
    public async Task A_configured_extension_of_another_container_is_taken_as_it_is()
    {
        using var bed = new LibraryBed(("Library:Extensions", ".wmv, .webm"));
        bed.Write("a.wmv", [1, 2, 3]);
        bed.Write("a.webm", Mkv);
        bed.Write("cut.webm", Mkv[..^1]);

        Assert.Equal(VideoState.Ready, (await bed.StateOfAsync("a.wmv")).State);
        Assert.Equal(VideoState.Ready, (await bed.StateOfAsync("a.webm")).State);
        Assert.Equal(VideoState.Broken, (await bed.StateOfAsync("cut.webm")).State);
    }
}
