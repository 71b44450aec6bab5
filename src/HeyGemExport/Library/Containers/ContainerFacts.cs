namespace HeyGemExport.Library.Containers;

/// <summary>What the structure of a video file says. Figures that could not be read are null and are no fault.</summary>
/// <param name="Fault">Why the container is not complete, or null.</param>
/// <param name="DurationSeconds">Playing time.</param>
/// <param name="Width">Picture width in pixels, as stored.</param>
/// <param name="Height">Picture height in pixels, as stored.</param>
internal sealed record ContainerFacts(VideoFault? Fault, double? DurationSeconds = null, int? Width = null, int? Height = null)
{
    public static implicit operator ContainerFacts(VideoFault fault) => new(fault);

    /// <summary>Seconds that make sense, or null.</summary>
    public static double? Seconds(double value) => double.IsFinite(value) && value > 0 ? Math.Round(value, 3) : null;

    /// <summary>Pixels that make sense, or null.</summary>
    public static int? Pixels(ulong value) => value is > 0 and <= 65_536 ? (int)value : null;
}
