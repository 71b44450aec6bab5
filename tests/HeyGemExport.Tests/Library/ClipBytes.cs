using System.Buffers.Binary;
using System.Text;

namespace HeyGemExport.Tests.Library;

/// <summary>The smallest complete files of each container, and the pieces to break them with.</summary>
internal static class ClipBytes
{
    public static byte[] Mp4 => Join(Ftyp, Movie(Ftyp.Length + Movie(0).Length + 8), Box("mdat", Picture));

    public static byte[] Avi => Riff("AVI ", AviHeader(), List("movi", Chunk("00dc", Picture)));

    public static byte[] Mkv => Join(EbmlHeader, Element(0x18538067, Join(MkvInfo(), MkvTracks(), MkvCluster())));

    public static byte[] Ftyp => Box("ftyp", Ascii("isom0000isom"));

    /// <summary>What stands for a coded picture: not zeros.</summary>
    public static byte[] Picture { get; } = [.. Enumerable.Repeat((byte)7, 1000)];

    public static byte[] EbmlHeader => Element(0x1A45DFA3, Element(0x4282, Ascii("matroska")));

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    public static byte[] Ascii(string text) => Encoding.Latin1.GetBytes(text);

    public static byte[] Box(string type, params byte[][] content)
    {
        var body = Join(content);
        return Join(Big32((uint)(8 + body.Length)), Ascii(type), body);
    }

    public static byte[] LargeBox(string type, byte[] content) => Join(Big32(1), Ascii(type), Big64((ulong)(16 + content.Length)), content);

    /// <summary>A movie of 12.5 s with an empty sound track before a picture track of 1280×720, whose one picture is at an
    /// offset.</summary>
    public static byte[] Movie(long pictureAt, bool version1 = false, uint pictureBytes = 1000, bool fragmented = false) => Box(
        "moov",
        version1
            ? Box("mvhd", [1, 0, 0, 0], new byte[16], Big32(1000), Big64(12_500), new byte[80])
            : Box("mvhd", new byte[12], Big32(1000), Big32(12_500), new byte[80]),
        Track("soun", 1, 0, 0, version1),
        Track("vide", 2, 1280, 720, version1, fragmented ? [] : SampleTables(pictureAt, pictureBytes)),
        fragmented ? Box("mvex", Box("trex", Big32(0), Big32(2), Big32(1), Big32(40), Big32(1000), Big32(0))) : []);

    /// <summary>One sample.</summary>
    public static byte[] SampleTables(long offset, uint size) => Join(
        Box("stsz", Big32(0), Big32(0), Big32(1), Big32(size)),
        Box("stsc", Big32(0), Big32(1), Big32(1), Big32(1), Big32(1)),
        Box("co64", Big32(0), Big32(1), Big64((ulong)offset)));

    /// <summary>A fragment of one picture, which lies in the <c>mdat</c> behind it.</summary>
    public static byte[] Fragment(uint size = 1000)
    {
        // Offsets count from the moof, which has 8 + 8 + 20 + 20 bytes; the picture lies behind the header of the mdat.
        const uint Offset = 56 + 8;
        return Box("moof", Box("traf", Box("tfhd", Big32(0x020010), Big32(2), Big32(size)),
            Box("trun", Big32(1), Big32(1), Big32(Offset))));
    }

    public static byte[] Big32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Big64(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Little32(uint value) => [.. Big32(value).Reverse()];

    public static byte[] Chunk(string type, byte[] content) =>
        Join(Ascii(type), Little32((uint)content.Length), content, new byte[content.Length % 2]);

    public static byte[] List(string type, params byte[][] chunks) => Chunk("LIST", Join(Ascii(type), Join(chunks)));

    public static byte[] Riff(string type, params byte[][] chunks) => Chunk("RIFF", Join(Ascii(type), Join(chunks)));

    /// <summary>25 frames a second, 640×360; 75 frames by the main header and 150 by the stream's.</summary>
    public static byte[] AviHeader(bool reserve = false) => List(
        "hdrl",
        Chunk("avih", Join(Little32(40_000), new byte[12], Little32(75), new byte[12], Little32(640), Little32(360), new byte[16])),
        List("strl", Chunk("strh", Join(Ascii("vidsH264"), new byte[12], Little32(1), Little32(25), new byte[4], Little32(150),
            new byte[20])), reserve ? Chunk("JUNK", new byte[40]) : []));

    public static byte[] Element(uint id, byte[] content) => Join(Id(id), Big64((1UL << 56) | (uint)content.Length), content);

    public static byte[] OpenElement(uint id, byte[] content) => Join(Id(id), Big64((1UL << 57) - 1), content);

    /// <summary>7.25 s in units of a tenth of a millisecond.</summary>
    public static byte[] MkvInfo() => Element(0x1549A966, Join(
        Element(0x2AD7B1, Big32(100_000)),
        Element(0x4489, Big64(BitConverter.DoubleToUInt64Bits(72_500)))));

    /// <summary>A sound track before a picture track of 1920×1080.</summary>
    public static byte[] MkvTracks() => Element(0x1654AE6B, Join(
        Element(0xAE, Join(Element(0xD7, [1]), Element(0x83, [2]))),
        Element(0xAE, Join(Element(0xD7, [2]), Element(0x83, [1]), Element(0xE0, Join(Element(0xB0, [7, 128]), Element(0xBA, [4, 56])))))));

    public static byte[] MkvCluster() => Element(0x1F43B675, MkvBlocks());

    /// <summary>The time of a cluster and a picture of the second track.</summary>
    public static byte[] MkvBlocks() => Join(Element(0xE7, [0]), Element(0xA3, Join([0x82, 0, 0, 0x80], Picture)));

    private static byte[] Track(string handler, uint number, uint width, uint height, bool version1, params byte[][] tables) => Box(
        "trak",
        version1
            ? Box("tkhd", [1, 0, 0, 0], new byte[16], Big32(number), new byte[64], Big32(width << 16), Big32(height << 16))
            : Box("tkhd", new byte[12], Big32(number), new byte[60], Big32(width << 16), Big32(height << 16)),
        Box("mdia", Box("mdhd", new byte[12], Big32(1000), Big32(0), Big32(0)), Box("hdlr", new byte[8], Ascii(handler), new byte[13]),
            Box("minf", Box("stbl", tables))));

    private static byte[] Id(uint id) => [.. Big32(id).SkipWhile(part => part == 0)];
}
