namespace HeyGemExport.Archives;

/// <summary>What <c>metadata.csv</c> lists of a video besides its paths, length, time and hash.</summary>
/// <param name="Tags">Its tags and its batch's, separated by <c>;</c>; empty for none.</param>
/// <param name="Container">Null where unknown, as everything that follows.</param>
/// <param name="VideoCodec">Codec of the first video track.</param>
/// <param name="AudioCodec">Codec of the first audio track.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="FrameRate">Frames a second.</param>
/// <param name="DurationSeconds">Playing time.</param>
/// <param name="BitRate">Bits a second.</param>
internal sealed record EntryMetadata(
    string Tags,
    string? Container,
    string? VideoCodec,
    string? AudioCodec,
    int? Width,
    int? Height,
    double? FrameRate,
    double? DurationSeconds,
    long? BitRate);
