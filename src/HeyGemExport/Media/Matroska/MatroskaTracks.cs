using System.Buffers.Binary;
using System.Text;
using HeyGemExport.Media.Avi;

namespace HeyGemExport.Media.Matroska;

/// <summary>One track.</summary>
internal sealed record MatroskaTrack(ulong Number = 0, ulong Type = 0, int? Width = null, int? Height = null, string? Codec = null,
    string? Code = null, ulong FrameTime = 0)
{
    /// <summary>Whether it is a track of pictures.</summary>
    public bool IsPictures => Type == 1;

    /// <summary>Whether it is a track of sound.</summary>
    public bool IsSound => Type == 2;
}

/// <summary>What a segment says before its clusters: <c>Info</c> and <c>Tracks</c> (RFC 9559, 5.1.2 and 5.1.4).</summary>
internal static class MatroskaTracks
{
    private const ulong DefaultTimestampScale = 1_000_000;

    /// <summary>More than a <c>BITMAPINFOHEADER</c> or <c>WAVEFORMATEX</c> has.</summary>
    private const int MaxSetupBytes = 64;

    private const int MaxTracks = 256;

    /// <summary>Nanoseconds of a unit of time, and the playing time in these units. An empty element has its default value.</summary>
    public static (ulong Scale, double? Duration) ReadInfo(ReadOnlySpan<byte> info)
    {
        (ulong Scale, double? Duration) read = (DefaultTimestampScale, null);
        while (EbmlElement.TryTake(ref info, out var id, out var content))
        {
            switch (id)
            {
                case MatroskaIds.TimestampScale when content.Length is > 0 and <= 8:
                    read.Scale = EbmlElement.Number(content) is > 0 and var scale ? scale : DefaultTimestampScale;
                    break;
                case MatroskaIds.Duration when content.Length == 4:
                    read.Duration = BinaryPrimitives.ReadSingleBigEndian(content);
                    break;
                case MatroskaIds.Duration when content.Length == 8:
                    read.Duration = BinaryPrimitives.ReadDoubleBigEndian(content);
                    break;
            }
        }

        return read;
    }

    /// <summary>The tracks.</summary>
    public static List<MatroskaTrack> Read(ReadOnlySpan<byte> tracks)
    {
        List<MatroskaTrack> found = [];
        while (found.Count < MaxTracks && EbmlElement.TryTake(ref tracks, out var id, out var content))
        {
            if (id == MatroskaIds.TrackEntry)
            {
                found.Add(ReadTrack(content));
            }
        }

        return found;
    }

    /// <summary>One track, from the content of its entry.</summary>
    public static MatroskaTrack ReadTrack(ReadOnlySpan<byte> track)
    {
        var found = new MatroskaTrack();
        var codec = "";
        var bits = 0;
        byte[] setup = [];
        while (EbmlElement.TryTake(ref track, out var id, out var content))
        {
            switch (id)
            {
                case MatroskaIds.TrackNumber when content.Length <= 8:
                    found = found with { Number = EbmlElement.Number(content) };
                    break;
                case MatroskaIds.TrackType when content.Length <= 8:
                    found = found with { Type = EbmlElement.Number(content) };
                    break;
                case MatroskaIds.Video:
                    (var width, var height) = ReadPicture(content);
                    found = found with { Width = width, Height = height };
                    break;
                case MatroskaIds.Audio:
                    bits = ReadBits(content);
                    break;
                case MatroskaIds.CodecId:
                    codec = Encoding.Latin1.GetString(content[..Math.Min(MaxSetupBytes, content.Length)].TrimEnd((byte)0));
                    break;
                case MatroskaIds.CodecPrivate:
                    setup = content[..Math.Min(MaxSetupBytes, content.Length)].ToArray();
                    break;
                case MatroskaIds.DefaultDuration when content.Length <= 8:
                    found = found with { FrameTime = EbmlElement.Number(content) };
                    break;
            }
        }

        return Name(found, codec, setup, bits);
    }

    // These ids only say that the codec's setup is that of an AVI stream or of a QuickTime sample entry.
    private static MatroskaTrack Name(MatroskaTrack track, string codec, ReadOnlySpan<byte> setup, int bits) => codec switch
    {
        "V_MS/VFW/FOURCC" when AviHeader.PictureCode(setup) is { } code =>
            track with { Code = code, Codec = CodecNames.OfRiffPicture(code) },
        "A_MS/ACM" when AviHeader.SoundCodec(setup) is { } name => track with { Codec = name },
        "V_QUICKTIME" when setup.Length >= 8 => track with { Codec = CodecNames.OfIsoPicture(Encoding.Latin1.GetString(setup[4..8])) },
        "A_QUICKTIME" when setup.Length >= 8 => track with { Codec = CodecNames.OfIsoSound(Encoding.Latin1.GetString(setup[4..8]), bits) },
        "" => track,
        _ => track with { Codec = CodecNames.OfMatroska(codec, bits) },
    };

    private static int ReadBits(ReadOnlySpan<byte> audio)
    {
        while (EbmlElement.TryTake(ref audio, out var id, out var content))
        {
            if (id == MatroskaIds.BitDepth && content.Length <= 2)
            {
                return (int)EbmlElement.Number(content);
            }
        }

        return 0;
    }

    private static (int? Width, int? Height) ReadPicture(ReadOnlySpan<byte> video)
    {
        (int? Width, int? Height) size = default;
        while (EbmlElement.TryTake(ref video, out var id, out var content))
        {
            if (id is MatroskaIds.PixelWidth or MatroskaIds.PixelHeight && content.Length <= 8)
            {
                var pixels = MediaFacts.Pixels(EbmlElement.Number(content));
                size = id == MatroskaIds.PixelWidth ? (pixels, size.Height) : (size.Width, pixels);
            }
        }

        return size;
    }
}
