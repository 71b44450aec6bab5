namespace HeyGemExport.Archives;

/// <summary>Null where unknown. Tags are separated by <c>;</c>, size is in pixels, rates are per second.</summary>
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
