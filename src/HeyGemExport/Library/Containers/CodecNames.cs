using System.Collections.Frozen;

namespace HeyGemExport.Library.Containers;

/// <summary>What each container calls a codec, and what FFmpeg calls it (libavformat's <c>isom_tags.c</c>, <c>riff.c</c>,
/// <c>matroska.c</c>). Null for what is not in these tables.</summary>
internal static class CodecNames
{
    private const int WavePcm = 1;
    private const int WaveFloat = 3;

    private static readonly FrozenDictionary<string, string> IsoEntries = Table(
        "h264 avc1 avc2 avc3 avc4", "hevc hvc1 hev1 dvh1 dvhe", "av1 av01", "vp8 vp08", "vp9 vp09", "mjpeg jpeg mjpa AVDJ",
        "prores apch apcn apcs apco ap4h ap4x", "h263 s263 h263", "svq3 SVQ3", "png png\u0020", "aac mp4a", "alac alac", "ac3 ac-3", "eac3 ec-3",
        "opus Opus", "flac fLaC", "mp3 .mp3", "pcm_s16le sowt", "pcm_s16be twos", "pcm_mulaw ulaw", "pcm_alaw alaw");

    private static readonly FrozenDictionary<string, string> RiffVideos = Table(
        "h264 H264 X264 AVC1", "hevc HEVC H265 HVC1", "mpeg4 FMP4 XVID DIVX DX50 MP4V", "msmpeg4v3 DIV3 MP43", "msmpeg4v2 DIV2 MP42", "mjpeg MJPG",
        "vp8 VP80", "vp9 VP90", "av1 AV01", "mpeg2video MPG2", "mpeg1video MPG1", "ffv1 FFV1", "huffyuv HFYU", "wmv1 WMV1", "wmv2 WMV2", "wmv3 WMV3",
        "rawvideo I420 YV12 YUY2 UYVY \0\0\0\0", "h263 H263");

    private static readonly FrozenDictionary<string, string> MatroskaTracks = Table(
        "h264 V_MPEG4/ISO/AVC", "hevc V_MPEGH/ISO/HEVC", "vp8 V_VP8", "vp9 V_VP9", "av1 V_AV1", "mpeg4 V_MPEG4/ISO/SP V_MPEG4/ISO/ASP V_MPEG4/ISO/AP",
        "msmpeg4v3 V_MPEG4/MS/V3", "mpeg2video V_MPEG2", "mpeg1video V_MPEG1", "mjpeg V_MJPEG", "theora V_THEORA", "prores V_PRORES", "ffv1 V_FFV1",
        "aac A_AAC A_AAC/MPEG2/LC A_AAC/MPEG4/LC A_AAC/MPEG4/LC/SBR", "opus A_OPUS", "vorbis A_VORBIS", "mp3 A_MPEG/L3", "mp2 A_MPEG/L2", "ac3 A_AC3",
        "eac3 A_EAC3", "dts A_DTS", "flac A_FLAC", "truehd A_TRUEHD", "alac A_ALAC");

    /// <summary>By the type of an ISO or QuickTime sample entry.</summary>
    public static string? OfIsoEntry(string type) => IsoEntries.GetValueOrDefault(type);

    /// <summary>By the object type of an MPEG-4 elementary stream (mp4ra.org, "Object Types").</summary>
    public static string? OfMpeg4Object(byte type) => type switch
    {
        0x20 => "mpeg4",
        0x21 => "h264",
        0x23 => "hevc",
        0x40 or 0x66 or 0x67 or 0x68 => "aac",
        >= 0x60 and <= 0x65 => "mpeg2video",
        0x69 or 0x6B => "mp3",
        0x6A => "mpeg1video",
        0x6C => "mjpeg",
        0x6D => "png",
        0xA5 => "ac3",
        0xA6 => "eac3",
        0xA9 => "dts",
        0xAD => "opus",
        0xDD => "vorbis",
        _ => null,
    };

    /// <summary>By the <c>biCompression</c> of a <c>BITMAPINFOHEADER</c>, whose letters are of either case.</summary>
    public static string? OfRiffVideo(string compression) => RiffVideos.GetValueOrDefault(compression.ToUpperInvariant());

    /// <summary>By the format tag of a <c>WAVEFORMATEX</c> and its bits a sample.</summary>
    public static string? OfWaveFormat(int tag, int bits) => tag switch
    {
        WavePcm => bits switch { 8 => "pcm_u8", 16 => "pcm_s16le", 24 => "pcm_s24le", 32 => "pcm_s32le", _ => null },
        WaveFloat => bits switch { 32 => "pcm_f32le", 64 => "pcm_f64le", _ => null },
        0x06 => "pcm_alaw",
        0x07 => "pcm_mulaw",
        0x50 => "mp2",
        0x55 => "mp3",
        0xFF or 0x1610 => "aac",
        0x160 => "wmav1",
        0x161 => "wmav2",
        0x2000 => "ac3",
        0x2001 => "dts",
        _ => null,
    };

    /// <summary>By a Matroska codec id and, for plain samples, their bits.</summary>
    public static string? OfMatroska(string id, int bits) => id switch
    {
        "A_PCM/INT/LIT" => OfWaveFormat(WavePcm, bits),
        "A_PCM/FLOAT/IEEE" => OfWaveFormat(WaveFloat, bits),
        "A_PCM/INT/BIG" => bits switch { 8 => "pcm_u8", 16 => "pcm_s16be", 24 => "pcm_s24be", 32 => "pcm_s32be", _ => null },
        _ => MatroskaTracks.GetValueOrDefault(id),
    };

    // Each line: what FFmpeg calls it, then what the container calls it.
    private static FrozenDictionary<string, string> Table(params string[] lines) => lines
        .Select(line => line.Split(' ', 2))
        .SelectMany(line => line[1].Length == 4 ? [(line[1], line[0])] : line[1].Split(' ').Select(name => (name, line[0])))
        .ToFrozenDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);
}
