using System.ComponentModel.DataAnnotations;

namespace HeyGemExport.FileSystem;

internal sealed class LogOptions
{
    public const string Section = "Logs";

    /// <summary>The folder; relative to the content root. Default <c>logs</c>.</summary>
    [Required(ErrorMessage = "{0} must name a folder, for example logs or /data/logs")]
    public string Path { get; set; } = "logs";

    /// <summary>Bytes after which a log continues in a new file; at most 4 GiB. Default 20 MiB.</summary>
    [Range(4096, 4L << 30)]
    public long MaxFileBytes { get; set; } = 20 << 20;

    /// <summary>Files kept of each log, the current one included. Default 7.</summary>
    [Range(1, 1000)]
    public int KeepFiles { get; set; } = 7;
}
