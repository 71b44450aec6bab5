using HeyGemExport.Library;
using HeyGemExport.Library.Tags;

namespace HeyGemExport.Exports.Metadata;

/// <summary>What <c>metadata.csv</c> says of a video beside its paths, its length, its time and its hash.</summary>
/// <param name="Tags">Its tags and its batch's, separated by <see cref="TagName.Separator"/>; empty for none.</param>
/// <param name="Container">Container; null where it is not known, as everything that follows.</param>
/// <param name="VideoCodec">Codec of the first video track.</param>
/// <param name="AudioCodec">Codec of the first audio track.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="FrameRate">Frames a second.</param>
/// <param name="DurationSeconds">Playing time.</param>
/// <param name="BitRate">Bits a second.</param>
public sealed record EntryMetadata(
    string Tags,
    string? Container,
    string? VideoCodec,
    string? AudioCodec,
    int? Width,
    int? Height,
    double? FrameRate,
    double? DurationSeconds,
    long? BitRate)
{
    /// <summary>Of a video as the library knows it now.</summary>
    public static EntryMetadata Of(Video video)
    {
        ArgumentNullException.ThrowIfNull(video);
        return new(
            string.Join(TagName.Separator, video.Tags),
            video.Container,
            video.VideoCodec,
            video.AudioCodec,
            video.Width,
            video.Height,
            video.FrameRate,
            video.DurationSeconds,
            video.BitRate);
    }
}
