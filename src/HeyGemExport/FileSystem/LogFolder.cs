using Microsoft.Extensions.Options;

namespace HeyGemExport.FileSystem;

/// <summary>The folder of the logs, and the way to open one of them.</summary>
internal sealed class LogFolder(IOptions<LogOptions> options, IHostEnvironment environment, TimeProvider clock)
{
    /// <summary>The folder's absolute path; it need not exist yet.</summary>
    public string FullPath { get; } = Path.GetFullPath(options.Value.Path, environment.ContentRootPath);

    /// <summary>A log of this name, which rolls by <c>Logs:MaxFileBytes</c> and <c>Logs:KeepFiles</c>. Nothing is
    /// created before the first line; open each name once and share it.</summary>
    /// <param name="fileName">For example <c>audit.jsonl</c>.</param>
    /// <param name="availabilityChanged">See <see cref="RollingTextFile"/>.</param>
    public RollingTextFile Open(string fileName, Action<Exception?>? availabilityChanged = null) => new(
        Path.Combine(FullPath, fileName),
        options.Value.MaxFileBytes,
        options.Value.KeepFiles,
        clock,
        availabilityChanged);
}
