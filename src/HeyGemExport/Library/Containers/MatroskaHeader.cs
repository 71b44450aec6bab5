using System.Buffers.Binary;

namespace HeyGemExport.Library.Containers;

/// <summary>Playing time and picture size from a segment's <c>Info</c> and <c>Tracks</c> (RFC 9559, 5.1.2 and 5.1.4).</summary>
internal static class MatroskaHeader
{
    private const uint TimestampScale = 0x2AD7B1;
    private const uint Duration = 0x4489;
    private const uint TrackEntry = 0xAE;
    private const uint TrackType = 0x83;
    private const uint Video = 0xE0;
    private const uint PixelWidth = 0xB0;
    private const uint PixelHeight = 0xBA;

    private const ulong VideoTrack = 1;
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

    /// <summary>Adds the picture size of the first video track.</summary>
    public static ContainerFacts ReadTracks(ReadOnlySpan<byte> tracks, ContainerFacts facts)
    {
        while (facts.Width is null && TryTake(ref tracks, out var id, out var content))
        {
            if (id == TrackEntry)
            {
                facts = ReadTrack(content, facts);
            }
        }

        return facts;
    }

    private static ContainerFacts ReadTrack(ReadOnlySpan<byte> track, ContainerFacts facts)
    {
        var isVideo = false;
        int? width = null;
        int? height = null;
        while (TryTake(ref track, out var id, out var content))
        {
            if (id == TrackType)
            {
                isVideo = content.Length <= 8 && EbmlElement.Number(content) == VideoTrack;
            }
            else if (id == Video)
            {
                (width, height) = ReadPicture(content);
            }
        }

        return isVideo && width is not null && height is not null ? facts with { Width = width, Height = height } : facts;
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
}
