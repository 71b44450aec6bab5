using System.Buffers.Binary;
using System.Text;

namespace HeyGemExport.Library.Containers;

/// <summary>What a segment's <c>Info</c> and <c>Tracks</c> say (RFC 9559, 5.1.2 and 5.1.4), and the kind of document (RFC 8794, 11.2.5).</summary>
internal static class MatroskaHeader
{
    private const uint DocType = 0x4282;
    private const uint TimestampScale = 0x2AD7B1;
    private const uint Duration = 0x4489;
    private const uint TrackEntry = 0xAE;
    private const uint TrackType = 0x83;
    private const uint Video = 0xE0;
    private const uint PixelWidth = 0xB0;
    private const uint PixelHeight = 0xBA;
    private const uint CodecId = 0x86;
    private const uint CodecPrivate = 0x63A2;
    private const uint DefaultDuration = 0x23E383;
    private const uint Audio = 0xE1;
    private const uint BitDepth = 0x6264;

    /// <summary>More than a <c>BITMAPINFOHEADER</c> or <c>WAVEFORMATEX</c> has.</summary>
    private const int MaxSetupBytes = 64;

    private const ulong VideoTrack = 1;
    private const ulong AudioTrack = 2;
    private const ulong DefaultTimestampScale = 1_000_000;

    /// <summary>Adds the playing time: <c>Duration</c> in units of <c>TimestampScale</c> nanoseconds.</summary>
    public static ContainerFacts ReadInfo(ReadOnlySpan<byte> info, ContainerFacts facts)
    {
        var scale = DefaultTimestampScale;
        double? duration = null;
        while (TryTake(ref info, out var id, out var content))
        {
            switch (id)
            {
                case TimestampScale when content.Length <= 8:
                    scale = EbmlElement.Number(content);
                    break;
                case Duration when content.Length == 4:
                    duration = BinaryPrimitives.ReadSingleBigEndian(content);
                    break;
                case Duration when content.Length == 8:
                    duration = BinaryPrimitives.ReadDoubleBigEndian(content);
                    break;
            }
        }

        return duration is { } ticks ? facts with { DurationSeconds = ContainerFacts.Seconds(ticks * scale / 1e9) } : facts;
    }

    /// <summary>Which of the two the document says it is; <c>matroska</c> where it says nothing.</summary>
    public static MediaFacts ReadDocument(ReadOnlySpan<byte> header)
    {
        while (TryTake(ref header, out var id, out var content))
        {
            if (id == DocType && content.TrimEnd((byte)0).SequenceEqual("webm"u8))
            {
                return new MediaFacts("webm");
            }
        }

        return new MediaFacts("matroska");
    }

    /// <summary>Adds what the first video track and the first audio track say.</summary>
    public static ContainerFacts ReadTracks(ReadOnlySpan<byte> tracks, ContainerFacts facts)
    {
        var media = facts.Media ?? new MediaFacts("matroska");
        while (TryTake(ref tracks, out var id, out var content))
        {
            if (id != TrackEntry)
            {
                continue;
            }

            var track = ReadTrack(content);
            if (track is { Type: VideoTrack, Width: not null, Height: not null } && facts.Width is null)
            {
                facts = facts with { Width = track.Width, Height = track.Height };
                media = media with { VideoCodec = track.Codec, FrameRate = track.FrameRate };
            }
            else if (track.Type == AudioTrack)
            {
                media = media with { AudioCodec = media.AudioCodec ?? track.Codec };
            }
        }

        return facts with { Media = media };
    }

    private static Track ReadTrack(ReadOnlySpan<byte> track)
    {
        var found = new Track();
        var codec = "";
        var bits = 0;
        byte[] setup = [];
        while (TryTake(ref track, out var id, out var content))
        {
            switch (id)
            {
                case TrackType when content.Length <= 8:
                    found = found with { Type = EbmlElement.Number(content) };
                    break;
                case Video:
                    (var width, var height) = ReadPicture(content);
                    found = found with { Width = width, Height = height };
                    break;
                case Audio:
                    bits = ReadBits(content);
                    break;
                case CodecId:
                    codec = Encoding.Latin1.GetString(content.TrimEnd((byte)0));
                    break;
                case CodecPrivate:
                    setup = content[..Math.Min(MaxSetupBytes, content.Length)].ToArray();
                    break;
                case DefaultDuration when content.Length <= 8:
                    found = found with { FrameRate = ContainerFacts.Rate(1e9 / EbmlElement.Number(content)) };
                    break;
            }
        }

        // Two ids only say that the codec's setup is that of an AVI stream.
        return found with
        {
            Codec = codec switch
            {
                "V_MS/VFW/FOURCC" => AviHeader.PictureCodec(setup),
                "A_MS/ACM" => AviHeader.SoundCodec(setup),
                _ => CodecNames.OfMatroska(codec, bits),
            },
        };
    }

    private static int ReadBits(ReadOnlySpan<byte> audio)
    {
        while (TryTake(ref audio, out var id, out var content))
        {
            if (id == BitDepth && content.Length <= 1)
            {
                return (int)EbmlElement.Number(content);
            }
        }

        return 0;
    }

    private static (int? Width, int? Height) ReadPicture(ReadOnlySpan<byte> video)
    {
        (int? Width, int? Height) size = default;
        while (TryTake(ref video, out var id, out var content))
        {
            if (id is PixelWidth or PixelHeight && content.Length <= 8)
            {
                var pixels = ContainerFacts.Pixels(EbmlElement.Number(content));
                size = id == PixelWidth ? (pixels, size.Height) : (size.Width, pixels);
            }
        }

        return size;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> elements, out uint id, out ReadOnlySpan<byte> content)
    {
        id = 0;
        content = default;
        if (elements.IsEmpty)
        {
            return false;
        }

        var (element, fault) = EbmlElement.Parse(elements, 0, elements.Length);
        if (fault is not null || element.End is not { } end)
        {
            return false;
        }

        id = element.Id;
        content = elements[(int)element.Content..(int)end];
        elements = elements[(int)end..];
        return true;
    }

    private sealed record Track(ulong Type = 0, int? Width = null, int? Height = null, string? Codec = null, double? FrameRate = null);
}
