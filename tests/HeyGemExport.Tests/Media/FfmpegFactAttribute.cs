namespace HeyGemExport.Tests.Media;

/// <summary>A fact over clips that ffmpeg makes: skipped where it is not installed, except with <c>CI=true</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FfmpegFactAttribute : FactAttribute
{
    public FfmpegFactAttribute()
    {
        if (!IsInstalled && !string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Skip = "ffmpeg is not installed: apt-get install ffmpeg";
        }
    }

    public static bool IsInstalled { get; } = Array.TrueForAll(
        ["ffmpeg", "ffprobe"],
        tool => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder =>
            File.Exists(Path.Combine(folder, tool))));
}
