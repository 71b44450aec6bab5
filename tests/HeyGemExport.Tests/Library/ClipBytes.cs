using System.Buffers.Binary;
using System.Text;

namespace HeyGemExport.Tests.Library;

/// <summary>The smallest complete files of each container, and the pieces to break them with.</summary>
internal static class ClipBytes
{
    public static byte[] Mp4 => Join(Box("ftyp", Ascii("isom0000isom")), Movie(), Box("mdat", new byte[1000]));

    public static byte[] Avi => Riff("AVI ", AviHeader(), List("movi", Chunk("00dc", new byte[1000])));

    public static byte[] Mkv => Join(EbmlHeader, Element(0x18538067, Join(MkvInfo(), MkvTracks(), MkvCluster())));

    public static byte[] EbmlHeader => Element(0x1A45DFA3, Element(0x4282, Ascii("matroska")));

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    public static byte[] Ascii(string text) => Encoding.Latin1.GetBytes(text);

    public static byte[] Box(string type, params byte[][] content)
    {
        var body = Join(content);
        return Join(Big32((uint)(8 + body.Length)), Ascii(type), body);
    }

    public static byte[] LargeBox(string type, byte[] content) => Join(Big32(1), Ascii(type), Big64((ulong)(16 + content.Length)), content);

    /// <summary>A movie of 12.5 s with a sound track before a picture track of 1280×720.</summary>
    public static byte[] Movie(bool version1 = false) => Box(
        "moov",
        version1
            ? Box("mvhd", [1, 0, 0, 0], new byte[16], Big32(1000), Big64(12_500), new byte[80])
            : Box("mvhd", new byte[12], Big32(1000), Big32(12_500), new byte[80]),
        Track("soun", 0, 0, version1),
        Track("vide", 1280, 720, version1));

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
    public static byte[] AviHeader() => List(
        "hdrl",
        Chunk("avih", Join(Little32(40_000), new byte[12], Little32(75), new byte[12], Little32(640), Little32(360), new byte[16])),
        List("strl", Chunk("strh", Join(Ascii("vidsH264"), new byte[12], Little32(1), Little32(25), new byte[4], Little32(150), new byte[20]))));

    public static byte[] Element(uint id, byte[] content) => Join(Id(id), Big64((1UL << 56) | (uint)content.Length), content);

    public static byte[] OpenElement(uint id, byte[] content) => Join(Id(id), Big64((1UL << 57) - 1), content);

    /// <summary>7.25 s in units of a tenth of a millisecond.</summary>
    public static byte[] MkvInfo() => Element(0x1549A966, Join(
        Element(0x2AD7B1, Big32(100_000)),
        Element(0x4489, Big64(BitConverter.DoubleToUInt64Bits(72_500)))));

    /// <summary>A sound track before a picture track of 1920×1080.</summary>
    public static byte[] MkvTracks() => Element(0x1654AE6B, Join(
        Element(0xAE, Element(0x83, [2])),
        Element(0xAE, Join(Element(0x83, [1]), Element(0xE0, Join(Element(0xB0, [7, 128]), Element(0xBA, [4, 56])))))));

    public static byte[] MkvCluster() => Element(0x1F43B675, Join(Element(0xE7, [0]), Element(0xA3, new byte[1000])));

    private static byte[] Track(string handler, uint width, uint height, bool version1) => Box(
        "trak",
        version1
            ? Box("tkhd", [1, 0, 0, 0], new byte[84], Big32(width << 16), Big32(height << 16))
            : Box("tkhd", new byte[76], Big32(width << 16), Big32(height << 16)),
        Box("mdia", Box("hdlr", new byte[8], Ascii(handler), new byte[13])));

    private static byte[] Id(uint id) => [.. Big32(id).SkipWhile(part => part == 0)];
}
