namespace HeyGemExport.Media;

/// <summary>What a video is made of, as its container says. What it does not say is null.</summary>
/// <param name="Container"><c>mp4</c>, <c>mov</c>, <c>avi</c>, <c>mkv</c>, <c>webm</c>, or the short name of another one, such as
/// <c>ts</c>.</param>
/// <param name="VideoCodec">Codec of the first picture track by the name that FFmpeg gives it (<c>h264</c>), or the container's own
/// code.</param>
/// <param name="AudioCodec">Codec of the first sound track, likewise (<c>aac</c>).</param>
/// <param name="FrameRate">Pictures a second of the first picture track, on average.</param>
/// <param name="DurationSeconds">Playing time.</param>
/// <param name="Width">Picture width in pixels, as it is shown after rotation.</param>
/// <param name="Height">Picture height in pixels, likewise.</param>
internal sealed record MediaFacts(
    string Container,
    string? VideoCodec = null,
    string? AudioCodec = null,
    double? FrameRate = null,
    double? DurationSeconds = null,
    int? Width = null,
    int? Height = null)
{
    // Slow motion is recorded at up to a thousand; more is a mistake of the writer.
    private const double FastestRate = 1000;

    /// <summary>Seconds that make sense, or null.</summary>
    public static double? Seconds(double value) => double.IsFinite(value) && value > 0 ? Math.Round(value, 3) : null;

    /// <summary>Pixels that make sense, or null.</summary>
    public static int? Pixels(ulong value) => value is > 0 and <= 65_536 ? (int)value : null;

    /// <summary>Pictures a second that make sense, or null.</summary>
    public static double? Rate(double value) => Math.Round(value, 3) is > 0 and <= FastestRate and var rate ? rate : null;
}

/// <summary>Something odd or wrong in a file.</summary>
/// <param name="Code">A stable name; all of them are in <see cref="Findings"/>.</param>
/// <param name="Args">Figures and words for a text. A <see cref="long"/> is a number of bytes.</param>
internal sealed record MediaFinding(string Code, params IReadOnlyList<object> Args);

/// <summary>What <see cref="MediaInspector"/> found in a file.</summary>
/// <param name="Facts">What could be read; null where the content is not known.</param>
/// <param name="Defect">Why the video does not play, or not to its end; null when it does.</param>
/// <param name="Notes">What is odd and hinders nobody.</param>
internal sealed record MediaReport(MediaFacts? Facts, MediaFinding? Defect, IReadOnlyList<MediaFinding> Notes)
{
    /// <summary>A file of which nothing is known but why it does not play.</summary>
    public static MediaReport Broken(MediaFinding defect) => new(null, defect, []);
}
