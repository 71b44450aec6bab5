namespace HeyGemExport.Library.Containers;

/// <summary>What the structure of a video file says. Figures that could not be read are null and are no fault.</summary>
/// <param name="Fault">Why the container is not complete, or null.</param>
/// <param name="DurationSeconds">Playing time.</param>
/// <param name="Width">Picture width in pixels, as stored.</param>
/// <param name="Height">Picture height in pixels, as stored.</param>
/// <param name="Media">What it is made of; null where the container is not known.</param>
internal sealed record ContainerFacts(
    VideoFault? Fault, double? DurationSeconds = null, int? Width = null, int? Height = null, MediaFacts? Media = null)
{
    // Slow motion is recorded at up to a thousand; more is a mistake of the writer.
    private const double FastestRate = 1000;

    public static implicit operator ContainerFacts(VideoFault fault) => new(fault);

    /// <summary>Seconds that make sense, or null.</summary>
    public static double? Seconds(double value) => double.IsFinite(value) && value > 0 ? Math.Round(value, 3) : null;

    /// <summary>Pixels that make sense, or null.</summary>
    public static int? Pixels(ulong value) => value is > 0 and <= 65_536 ? (int)value : null;

    /// <summary>Frames a second that make sense, or null.</summary>
    public static double? Rate(double value) => Math.Round(value, 3) is > 0 and <= FastestRate and var rate ? rate : null;
}
