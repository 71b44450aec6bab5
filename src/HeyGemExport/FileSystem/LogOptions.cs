using Microsoft.Extensions.Options;

namespace HeyGemExport.FileSystem;

/// <summary>Where the run log and the audit lines are written, and how far they grow. Section <c>Logs</c>.</summary>
internal sealed class LogOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Logs";

    /// <summary>The folder; relative to the content root. Default <c>logs</c>.</summary>
    public string Path { get; set; } = "logs";

    /// <summary>Bytes after which a file is put aside and a new one begun; 4,096 to 4 GiB. Default 20 MiB.</summary>
    public long MaxFileBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>Files kept of each log, the current one included; 1 to 1,000. Default 7.</summary>
    public int KeepFiles { get; set; } = 7;

    /// <summary>Reports every wrong value by its key.</summary>
    public sealed class Validator : IValidateOptions<LogOptions>
    {
        private const long LeastFileBytes = 4096;
        private const long MostFileBytes = 4L * 1024 * 1024 * 1024;

        public ValidateOptionsResult Validate(string? name, LogOptions options)
        {
            var errors = new List<string>();
            if (string.IsNullOrWhiteSpace(options.Path))
            {
                errors.Add("Logs:Path must name a folder, for example logs or /data/logs.");
            }

            if (options.MaxFileBytes is < LeastFileBytes or > MostFileBytes)
            {
                errors.Add($"Logs:MaxFileBytes must be between {LeastFileBytes} and {MostFileBytes}; it is {options.MaxFileBytes}.");
            }

            if (options.KeepFiles is < 1 or > 1000)
            {
                errors.Add($"Logs:KeepFiles must be between 1 and 1000; it is {options.KeepFiles}.");
            }

            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
