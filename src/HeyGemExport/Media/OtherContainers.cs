namespace HeyGemExport.Media;

/// <summary>Containers that are recognized by how they begin, and not read.</summary>
internal static class OtherContainers
{
    private const int TransportPacket = 188;

    /// <summary>The short name of the container, or null.</summary>
    public static string? Recognize(ReadOnlySpan<byte> head) => head switch
    {
        _ when head.StartsWith("FLV\u0001"u8) => "flv",
        _ when head.StartsWith(Asf) => "wmv",
        _ when head.StartsWith("OggS"u8) => IsOggVideo(head) ? "ogg" : null,
        _ when head.StartsWith(".RMF"u8) => "rm",
        _ when head.StartsWith(Mxf) => "mxf",
        _ when head.StartsWith("nut/multimedia container\0"u8) => "nut",
        _ when head.StartsWith("DKIF"u8) => "ivf",
        _ when head.StartsWith("YUV4MPEG2 "u8) => "y4m",
        _ when head.StartsWith(ProgramStream) || head.StartsWith(MpegSequence) => "mpg",
        _ when IsTransport(head, 0, TransportPacket) || IsTransport(head, 0, TransportPacket + 16) => "ts",
        // Blu-ray and cameras put four bytes of time before each packet.
        _ when IsTransport(head, 4, TransportPacket + 4) => "m2ts",
        _ => null,
    };

    // Its header object's GUID 75B22630-668E-11CF-A6D9-00AA0062CE6C.
    private static ReadOnlySpan<byte> Asf => [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, 0xA6, 0xD9, 0x00, 0xAA, 0x00, 0x62, 0xCE,
        0x6C];

    // SMPTE ST 377-1: the key of a header partition pack.
    private static ReadOnlySpan<byte> Mxf => [0x06, 0x0E, 0x2B, 0x34, 0x02, 0x05, 0x01, 0x01, 0x0D, 0x01, 0x02, 0x01, 0x01, 0x02];

    // ISO/IEC 13818-1, 2.5.3.3 (pack_start_code) and 13818-2, 6.2.2.1 (sequence_header_code).
    private static ReadOnlySpan<byte> ProgramStream => [0, 0, 1, 0xBA];

    private static ReadOnlySpan<byte> MpegSequence => [0, 0, 1, 0xB3];

    private static bool IsTransport(ReadOnlySpan<byte> head, int first, int packet)
    {
        const byte Sync = 0x47;
        var at = first;
        for (; at < head.Length; at += packet)
        {
            if (head[at] != Sync)
            {
                return false;
            }
        }

        return at > first + (2 * packet);
    }

    // The streams' first packets stand in pages of their own at the beginning (RFC 3533, 6).
    private static bool IsOggVideo(ReadOnlySpan<byte> head) =>
        head.IndexOf("theora"u8) >= 0 || head.IndexOf("OVP80"u8) >= 0 || head.IndexOf("BBCD"u8) >= 0;
}
