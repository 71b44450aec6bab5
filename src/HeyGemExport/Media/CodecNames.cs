namespace HeyGemExport.Media;

/// <summary>What FFmpeg calls a codec, by what its container calls it; where that is not known, what the container calls it.</summary>
internal static class CodecNames
{
    private const int WavePcm = 1;
    private const int WaveFloat = 3;

    /// <summary>By the type of an ISO or QuickTime sample entry of pictures.</summary>
    public static string OfIsoPicture(string type) =>
        CodecTables.IsoPictures.GetValueOrDefault(type) ?? OfRiffPicture(type);

    /// <summary>By the type of an ISO or QuickTime sample entry of sound, and its bits a sample.</summary>
    public static string OfIsoSound(string type, int bits) => type switch
    {
        "twos" or "sowt" or "raw " or "NONE" when bits is 8 => type is "raw " or "NONE" ? "pcm_u8" : "pcm_s8",
        "twos" or "raw " or "NONE" when bits is 16 or 24 or 32 => OfPcm(bits, isFloat: false, isBigEndian: true, isSigned: true),
        "sowt" when bits is 16 or 24 or 32 => OfPcm(bits, isFloat: false, isBigEndian: false, isSigned: true),
        // QuickTime's way to name a WAVEFORMATEX tag: its two bytes behind "ms", or backwards.
        ['m', 's', var high, var low] when CodecTables.WaveFormats.ContainsKey((high << 8) | low) => OfWaveFormat((high << 8) | low, bits),
        [var low, var high, 's', 'm'] when CodecTables.WaveFormats.ContainsKey((high << 8) | low) => OfWaveFormat((high << 8) | low, bits),
        _ => CodecTables.IsoSounds.GetValueOrDefault(type) ?? Readable(type),
    };

    /// <summary>By the object type of an MPEG-4 elementary stream (mp4ra.org, "Object Types"); null where it is not known.</summary>
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
        0x6E => "jpeg2000",
        0xA3 => "vc1",
        0xA4 => "dirac",
        0xA5 => "ac3",
        0xA6 => "eac3",
        0xA9 => "dts",
        0xAD => "opus",
        0xB1 => "vp9",
        0xC1 => "flac",
        0xD0 => "tscc2",
        0xD1 => "evrc",
        0xDD => "vorbis",
        0xE1 => "qcelp",
        _ => null,
    };

    /// <summary>By the <c>biCompression</c> of a <c>BITMAPINFOHEADER</c>, whose letters are of either case; small numbers are
    /// Windows' own.</summary>
    public static string OfRiffPicture(string compression) => compression switch
    {
        "\0\0\0\0" or "\u0003\0\0\0" => "rawvideo",
        "\u0001\0\0\0" or "\u0002\0\0\0" => "msrle",
        "\u0004\0\0\0" or "\u0004\0\0\u0010" => "mpeg4",
        "\u0001\0\0\u0010" => "mpeg1video",
        "\u0002\0\0\u0010" => "mpeg2video",
        _ => CodecTables.RiffPictures.GetValueOrDefault(compression) ?? CodecTables.IsoPictures.GetValueOrDefault(compression)
            ?? Readable(compression),
    };

    /// <summary>By the format tag of a <c>WAVEFORMATEX</c> and its bits a sample.</summary>
    public static string OfWaveFormat(int tag, int bits) => tag switch
    {
        WavePcm => OfPcm(bits, isFloat: false, isBigEndian: false, isSigned: bits > 8),
        WaveFloat => OfPcm(bits, isFloat: true, isBigEndian: false, isSigned: true),
        _ => CodecTables.WaveFormats.GetValueOrDefault(tag) ?? string.Create(CultureInfo.InvariantCulture, $"0x{tag:X4}"),
    };

    /// <summary>By a Matroska codec id and, for plain samples, their bits.</summary>
    public static string OfMatroska(string id, int bits)
    {
        switch (id)
        {
            case "A_PCM/INT/LIT":
                return OfPcm(bits, isFloat: false, isBigEndian: false, isSigned: bits > 8);
            case "A_PCM/INT/BIG":
                return OfPcm(bits, isFloat: false, isBigEndian: true, isSigned: bits > 8);
            case "A_PCM/FLOAT/IEEE":
                return OfPcm(bits, isFloat: true, isBigEndian: false, isSigned: true);
        }

        // A variant is told behind a slash, such as A_AAC/MPEG4/LC/SBR.
        for (var known = id; known.Length > 0; known = known[..Math.Max(0, known.LastIndexOf('/'))])
        {
            if (CodecTables.Matroska.TryGetValue(known, out var name))
            {
                return name;
            }
        }

        return Readable(id);
    }

    /// <summary>Plain samples.</summary>
    public static string OfPcm(int bits, bool isFloat, bool isBigEndian, bool isSigned)
    {
        var width = isFloat ? bits > 32 ? 64 : 32 : bits is > 0 and <= 64 ? (bits + 7) / 8 * 8 : 16;
        var kind = isFloat ? 'f' : isSigned ? 's' : 'u';
        var order = width == 8 ? "" : isBigEndian ? "be" : "le";
        return string.Create(CultureInfo.InvariantCulture, $"pcm_{kind}{width}{order}");
    }

    // A code is text as a rule; what is not, is shown as a number.
    private static string Readable(string code)
    {
        var text = code.TrimEnd('\0', ' ');
        return text.Length > 0 && text.All(character => character is > ' ' and < '\u007F')
            ? text
            : "0x" + string.Concat(code.Select(character => ((int)character).ToString("X2", CultureInfo.InvariantCulture)));
    }
}
