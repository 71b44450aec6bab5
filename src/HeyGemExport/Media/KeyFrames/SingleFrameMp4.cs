using System.Buffers.Binary;
using System.Text;

namespace HeyGemExport.Media.KeyFrames;

/// <summary>How a picture is coded and shown.</summary>
/// <param name="SampleEntry">The sample entry of its track, with the codec's configuration.</param>
/// <param name="Display">Matrix, width and height as <c>tkhd</c> ends (ISO/IEC 14496-12, 8.3.2).</param>
internal sealed record PictureTrack(byte[] SampleEntry, byte[] Display);

/// <summary>Writes an MP4 of one picture that is shown for a second (ISO/IEC 14496-12).</summary>
internal static class SingleFrameMp4
{
    private const int TicksPerSecond = 1000;
    private const int Undetermined = 0x55C4_0000; // "und", ISO 639-2, in three times five bits

    public static KeyFrame Write(PictureTrack track, byte[] sample)
    {
        var ftyp = Box("ftyp", [.. "isom"u8, .. Numbers(0x200), .. "isomiso2mp41"u8]);
        // The length of moov does not depend on the offset.
        var dataAt = ftyp.Length + Moov(track, sample.Length, 0).Length + 8;
        return new(KeyFrame.Mp4, [.. ftyp, .. Moov(track, sample.Length, dataAt), .. Box("mdat", sample)]);
    }

    private static byte[] Moov(PictureTrack track, int size, int offset)
    {
        byte[] stbl =
        [
            .. Box("stsd", Numbers(0, 1), track.SampleEntry),
            .. Box("stts", Numbers(0, 1, 1, TicksPerSecond)),
            .. Box("stsc", Numbers(0, 1, 1, 1, 1)),
            .. Box("stsz", Numbers(0, size, 1)),
            .. Box("stco", Numbers(0, 1, offset)),
        ];
        byte[] minf =
        [
            .. Box("vmhd", Numbers(1, 0, 0)),
            .. Box("dinf", Box("dref", Numbers(0, 1), Box("url ", Numbers(1)))),
            .. Box("stbl", stbl),
        ];
        byte[] mdia =
        [
            .. Box("mdhd", Numbers(0, 0, 0, TicksPerSecond, TicksPerSecond, Undetermined)),
            .. Box("hdlr", [.. Numbers(0, 0), .. "vide"u8, .. Numbers(0, 0, 0), 0]),
            .. Box("minf", minf),
        ];
        // Version 0 with the flags "enabled" and "in movie".
        var tkhd = Box("tkhd", Numbers(3, 0, 0, 1, 0, TicksPerSecond, 0, 0, 0, 0), track.Display);
        return Box("moov", Mvhd(), Box("trak", tkhd, Box("mdia", mdia)));
    }

    // Rate and volume 1.0, a matrix that changes nothing, the next track's number.
    private static byte[] Mvhd() => Box("mvhd", Numbers(0, 0, 0, TicksPerSecond, TicksPerSecond, 0x1_0000, 0x100_0000, 0, 0,
        0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000, 0, 0, 0, 0, 0, 0, 2));

    /// <summary>How an upright picture is shown.</summary>
    public static byte[] Upright(int width, int height) =>
        Numbers(0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000, width << 16, height << 16);

    public static byte[] Box(string type, params ReadOnlySpan<byte[]> content)
    {
        var length = 8;
        foreach (var part in content)
        {
            length += part.Length;
        }

        var box = new byte[length];
        BinaryPrimitives.WriteInt32BigEndian(box, length);
        Encoding.ASCII.GetBytes(type, box.AsSpan(4));
        var at = 8;
        foreach (var part in content)
        {
            part.CopyTo(box, at);
            at += part.Length;
        }

        return box;
    }

    public static byte[] Numbers(params ReadOnlySpan<int> values)
    {
        var bytes = new byte[4 * values.Length];
        for (var index = 0; index < values.Length; index++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * index), values[index]);
        }

        return bytes;
    }
}
