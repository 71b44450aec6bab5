using HeyGemExport.Media;
using static HeyGemExport.Tests.Library.ClipBytes;

namespace HeyGemExport.Tests.Media;

/// <summary>What plays, what does not, and what is only odd, over the smallest files of each kind.</summary>
public class MediaInspectorTests
{
    private const uint Segment = 0x18538067;
    private const uint Cluster = 0x1F43B675;

    private static readonly byte[] Mdat = Box("mdat", Picture);
    private static readonly byte[] FragmentedHead = Join(Ftyp, Movie(0, fragmented: true));
    private static readonly byte[] Fragments = Join(FragmentedHead, Fragment(), Mdat, Fragment(), Mdat);

    public static TheoryData<string, byte[], string[]> Playing => new()
    {
        { "mp4", Mp4, [] },
        { "movie at the end", Join(Ftyp, Mdat, Movie(Ftyp.Length + 8)), [] },
        { "64-bit length", Join(Ftyp, LargeBox("mdat", Picture), Movie(Ftyp.Length + 16)), [] },
        { "media to the end", Join(Ftyp, Movie(Mp4.Length - 1000), Big32(0), Ascii("mdat"), Picture), [] },
        { "no ftyp", Join(Mdat, Movie(8)), [] },
        { "boxes of unknown type", Join(Box("abcd", new byte[9]), Ftyp, Mdat, Box("\u00B5\u0001\u0002\u0003"),
            Movie(17 + Ftyp.Length + 8)), [] },
        { "an ID3v2 tag in front", Join(Ascii("ID3\u0003\0\0\0\0\0\u0005"), new byte[5], Ftyp, Mdat, Movie(15 + Ftyp.Length + 8)), [] },
        { "fragments", Fragments, [] },
        { "zeros behind", Join(Mp4, new byte[4096]), ["trailing-bytes"] },
        { "three zeros behind", Join(Mp4, new byte[3]), ["trailing-bytes"] },
        { "ID3v1 behind", Join(Mp4, Ascii("TAG"), new byte[125]), ["trailing-bytes"] },
        { "a newline behind", Join(Mp4, [10]), ["trailing-bytes"] },
        { "last box cut", Join(Mp4, Big32(100), Ascii("free"), new byte[10]), ["end-cut"] },
        { "media longer than the file", Join(Ftyp, Movie(Mp4.Length - 1000), Big32(5000), Ascii("mdat"), Picture), ["lengths-off"] },
        { "a packed movie", Join(Ftyp, Mdat, Box("moov", Box("cmov", Box("dcom", Ascii("zlib")),
            Box("cmvd", Zlib(Movie(Ftyp.Length + 8)))))), [] },
        { "avi", Avi, ["index-off"] },
        { "avi with an index", AviWithIndex(), [] },
        { "OpenDML", Join(AviWithIndex(), Riff("AVIX", List("movi", Chunk("00dc", Picture)))), [] },
        { "avi with null bytes before the index", AviWithIndex(padding: 100), [] },
        { "avi with a byte behind", Join(AviWithIndex(), [0]), ["trailing-bytes"] },
        { "avi that says 8 bytes too many", AviWithIndex(off: 8), ["lengths-off"] },
        { "avi that says 8 bytes too few", AviWithIndex(off: -8), ["lengths-off"] },
        { "avi that was piped", Join(Ascii("RIFF"), Big32(uint.MaxValue), Ascii("AVI "), AviHeader(), Ascii("LIST"), Big32(uint.MaxValue),
            Ascii("movi"), Chunk("00dc", Picture)), ["lengths-off"] },
        { "mkv", Mkv, [] },
        { "live mkv", Join(EbmlHeader, OpenElement(Segment, Join(MkvInfo(), MkvTracks(), MkvCluster(), MkvCluster()))), [] },
        { "live mkv with open clusters", Join(EbmlHeader, OpenElement(Segment,
            Join(MkvTracks(), OpenElement(Cluster, MkvBlocks()), OpenElement(Cluster, MkvBlocks())))), [] },
        { "mkv with unknown elements", MkvOf(Element(0x7ABC, new byte[50]),
            Element(Cluster, Join(MkvBlocks(), Element(0x1F43AAAA, new byte[50])))), [] },
        { "mkv with zeros between clusters", MkvOf(MkvCluster(), new byte[64], MkvCluster()), [] },
        { "mkv with zeros behind", Join(Mkv, new byte[4096]), ["trailing-bytes"] },
        { "mkv with cut cues", MkvOf(MkvCluster(), Element(0x1C53BB6B, new byte[100]))[..^10], ["end-cut"] },
        { "another container", [.. "FLV"u8, 1, 5, 0, 0, 0, 9, 0, 0, 0, 0], ["not-checked"] },
    };

    public static TheoryData<string, byte[]> Broken => new()
    {
        { "empty", [] },
        { "not-a-container", new byte[5000] },
        { "not-a-container", Ascii("<html>not found</html>") },
        { "not-a-container", [1, 2, 3] },
        { "moov-missing", Join(Ftyp, Box("free"), Big32(0), Ascii("mdat"), new byte[900]) },
        { "moov-missing", Join(Ftyp, Mdat) },
        { "index-cut", Join(Ftyp, Mdat, Movie(Ftyp.Length + 8)[..^1]) },
        { "cut-short", Mp4[..^1] },
        { "cut-short", Join(Ftyp, Movie(Mp4.Length - 1000), Big32(0), Ascii("mdat"), Picture[..^1]) },
        { "cut-short", Join(Ftyp, Movie(uint.MaxValue)) },
        { "cut-short", Fragments[..^1] },
        { "cut-short", Fragments[..^(Mdat.Length + 1)] },
        { "cut-short", Join(Fragments, Fragment()) },
        { "cut-short", Join(FragmentedHead, Box("sidx", new byte[8], Big32(1000), new byte[10], [0, 3], Big32(1064), new byte[8],
            Big32(1064), new byte[8], Big32(1064), new byte[8]), Fragment(), Mdat) },
        { "parts-missing", Join(Fragments, Box("mfra", Box("tfra", new byte[12], Big32(3), Tfra(1), Tfra(200), Tfra(300)))) },
        { "no-pictures", FragmentedHead },
        { "no-pictures", Join(Ftyp, Movie(0, pictureBytes: 0)) },
        { "no-picture-track", Join(Ftyp, Box("moov", Box("mvhd", new byte[100])), Mdat) },
        { "not-copied", Join(Mp4[..^1000], new byte[1000]) },
        { "not-copied", Join(FragmentedHead, Fragment(), Mdat, Fragment(), new byte[2000]) },
        { "cut-short", AviWithIndex()[..^200] },
        { "cut-short", Avi[..^1] },
        { "cut-short", Join(AviWithIndex(), Riff("AVIX", List("movi", Chunk("00dc", Picture)))[..^100]) },
        { "interrupted", Join(Ascii("RIFF"), Little32(0), Riff("AVI ", AviHeader(reserve: true),
            List("movi", Chunk("00dc", Picture)))[8..]) },
        { "no-pictures", Riff("AVI ", AviHeader()) },
        { "no-pictures", Riff("AVI ", AviHeader(), List("movi")) },
        { "not-copied", Riff("AVI ", AviHeader(), List("movi", Chunk("00dc", Picture), new byte[5000])) },
        { "damaged", Riff("AVI ", AviHeader(), List("movi", Chunk("00dc", Picture), [.. Enumerable.Repeat((byte)200, 5000)])) },
        { "cut-short", Mkv[..^1] },
        { "cut-short", MkvOf(MkvCluster(), MkvCluster())[..^MkvCluster().Length] },
        { "no-pictures", EbmlHeader },
        { "no-pictures", Join(EbmlHeader, Element(Segment, MkvTracks())) },
        { "no-picture-track", Join(EbmlHeader, Element(Segment,
            Join(Element(0x1654AE6B, Element(0xAE, Join(Element(0xD7, [2]), Element(0x83, [2])))), MkvCluster()))) },
        { "cut-short", Join(EbmlHeader, OpenElement(Segment, Join(MkvTracks(), MkvCluster(), MkvCluster()[..^1]))) },
        { "cut-short", Join(EbmlHeader, OpenElement(Segment, Join(MkvTracks(), MkvCluster(), [0x1F, 0x43]))) },
        { "cut-short", Join(EbmlHeader, OpenElement(Segment, Join(MkvTracks(), OpenElement(Cluster, MkvBlocks()[..^1])))) },
        { "interrupted", Join(EbmlHeader, OpenElement(Segment, Join(Element(0xEC, new byte[80]), MkvTracks(), MkvCluster()))) },
        { "not-copied", MkvOf(MkvCluster(), new byte[1000]) },
        { "damaged", MkvOf(MkvCluster(), Element(Cluster, Join(MkvBlocks(), [1, 1, 1, 1]))) },
    };

    [Theory]
    [MemberData(nameof(Playing))]
    public void A_file_whose_pictures_are_all_there_plays(string what, byte[] content, string[] notes)
    {
        var report = MediaInspector.Inspect(new MemoryStream(content));

        Assert.True(report.Defect is null, $"{what}: {report.Defect}");
        Assert.Equal(notes, report.Notes.Select(note => note.Code));
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_file_that_does_not_play_to_its_end_says_why(string code, byte[] content)
    {
        Assert.Equal(code, MediaInspector.Inspect(new MemoryStream(content)).Defect?.Code);
        Assert.Contains(code, Findings.Defects, StringComparer.Ordinal);
    }

    [Fact]
    public void A_file_cut_anywhere_is_broken()
    {
        foreach (var content in (byte[][])[Mp4, Fragments, Avi, Mkv])
        {
            // Between fragments nothing tells that another one was to come; a length of less than 16 MB begins with up to three zeros.
            var whole = Fragments.Length - Fragment().Length - Mdat.Length;
            Assert.All(
                Enumerable.Range(0, content.Length).Where(length => content != Fragments || length - whole is < 0 or > 3),
                length => Assert.True(MediaInspector.Inspect(new MemoryStream(content[..length])).Defect is not null,
                    $"{length} of {content.Length}"));
        }
    }

    [Fact]
    public void A_short_file_says_how_many_bytes_are_missing()
    {
        foreach (var content in (byte[][])[Mp4, Avi, Mkv])
        {
            Assert.Equal([400L, content.Length - 400L], MediaInspector.Inspect(new MemoryStream(content[..^400])).Defect!.Args);
        }
    }

    [Fact]
    public void Black_pictures_in_plain_rgb_are_zeros_and_there()
    {
        var bitmap = Join(new byte[4], Little32(640), Little32(360), new byte[4], Little32(0), new byte[20]);
        var header = List("hdrl", List("strl", Chunk("strh", Join(Ascii("vidsDIB "), new byte[48])), Chunk("strf", bitmap)));

        Assert.Null(MediaInspector.Inspect(new MemoryStream(Riff("AVI ", header, List("movi", Chunk("00db", new byte[1000]))))).Defect);
    }

    [Fact]
    public void Reads_playing_time_and_the_size_of_the_picture_track()
    {
        Assert.Equal((12.5, 1280, 720), FiguresOf(Mp4));
        Assert.Equal((12.5, 1280, 720), FiguresOf(Join(Ftyp, Mdat, Movie(Ftyp.Length + 8, version1: true))));
        Assert.Equal((6, 640, 360), FiguresOf(Avi));
        Assert.Equal((7.25, 1920, 1080), FiguresOf(Mkv));
    }

    [Fact]
    public void Figures_that_make_no_sense_are_left_out_and_break_nothing()
    {
        byte[][] files =
        [
            Riff("AVI ", List("hdrl", Chunk("avih", new byte[56]), List("strl", Chunk("strh", Join(Ascii("vids"), new byte[50])))),
                List("movi", Chunk("00dc", Picture))),
            Join(EbmlHeader, Element(Segment, Join(
                Element(0x1549A966, Element(0x4489, Big64(BitConverter.DoubleToUInt64Bits(double.NaN)))),
                Element(0x1654AE6B, Element(0xAE, Join(Element(0xD7, [2]), Element(0x83, [1]), [0x83, 0xFF]))),
                MkvCluster()))),
        ];

        Assert.All(files, file => Assert.Equal((null, null, null), FiguresOf(file)));
    }

    private static (double? Seconds, int? Width, int? Height) FiguresOf(byte[] content)
    {
        var report = MediaInspector.Inspect(new MemoryStream(content));
        Assert.Null(report.Defect);
        return (report.Facts!.DurationSeconds, report.Facts.Width, report.Facts.Height);
    }

    private static byte[] MkvOf(params byte[][] clusters) => Join(EbmlHeader, Element(Segment, Join(MkvTracks(), Join(clusters))));

    private static byte[] Tfra(uint moofAt) => Join(Big32(0), Big32(moofAt), [1, 1, 1]);

    private static byte[] Zlib(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionLevel.Fastest))
        {
            zlib.Write(content);
        }

        return Join(Big32((uint)content.Length), packed.ToArray());
    }

    private static byte[] AviWithIndex(int padding = 0, int off = 0)
    {
        var index = Chunk("idx1", Join(Ascii("00dc"), Little32(16), Little32(4), Little32((uint)Picture.Length)));
        var avi = Riff("AVI ", AviHeader(), List("movi", Chunk("00dc", Picture)), new byte[padding], index);
        return Join(avi[..4], Little32((uint)(avi.Length - 8 + off)), avi[8..]);
    }
}
