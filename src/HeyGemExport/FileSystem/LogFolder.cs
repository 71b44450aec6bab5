using HeyGemExport.Hosting;

namespace HeyGemExport.FileSystem;

internal sealed class LogFolder(IOptions<LogOptions> options, IHostEnvironment environment, TimeProvider clock)
{
    public string FullPath { get; } = Path.GetFullPath(options.Value.Path, environment.ContentRootPath);

    /// <summary>Nothing is created before the first line; open each name once and share it.</summary>
    public RollingTextFile Open(string fileName, Action<Exception?>? availabilityChanged = null)
    {
        var path = Path.Combine(FullPath, fileName);
        PrivateFiles.Tighten(path);
        return new(path, options.Value.MaxFileBytes, options.Value.KeepFiles, clock, availabilityChanged);
    }
}
