using Microsoft.Extensions.Options;

namespace HeyGemExport.Ops;

/// <summary>When the checks call for help. Section <c>Ops</c>.</summary>
public sealed class OpsOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Ops";

    /// <summary>Free bytes in the temp folder below which the check says degraded. Default 1 GiB.</summary>
    public long LowFreeBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>Free bytes in the temp folder below which the check fails; at most <see cref="LowFreeBytes"/>. Default 100 MiB.</summary>
    public long MinimumFreeBytes { get; set; } = 100L * 1024 * 1024;

    /// <summary>Seconds that one check may take, for a network folder that hangs; above 0, at most 300. Default 5.</summary>
    public double CheckTimeoutSeconds { get; set; } = 5;

    /// <summary>Seconds between two rounds of checks; 1 to 86,400. Default 30.</summary>
    public double CheckIntervalSeconds { get; set; } = 30;

    /// <summary>Reports every wrong value by its key.</summary>
    public sealed class Validator : IValidateOptions<OpsOptions>
    {
        /// <inheritdoc />
        public ValidateOptionsResult Validate(string? name, OpsOptions options)
        {
            var errors = new List<string>();
            if (options.LowFreeBytes < 0)
            {
                errors.Add($"Ops:LowFreeBytes must be 0 or more; it is {options.LowFreeBytes}.");
            }

            if (options.MinimumFreeBytes < 0 || options.MinimumFreeBytes > options.LowFreeBytes)
            {
                errors.Add($"Ops:MinimumFreeBytes must be between 0 and Ops:LowFreeBytes ({options.LowFreeBytes}); it is {options.MinimumFreeBytes}.");
            }

            if (options.CheckTimeoutSeconds is not (> 0 and <= 300))
            {
                errors.Add(FormattableString.Invariant($"Ops:CheckTimeoutSeconds must be above 0 and at most 300; it is {options.CheckTimeoutSeconds}."));
            }

            if (options.CheckIntervalSeconds is not (>= 1 and <= 86400))
            {
                errors.Add(FormattableString.Invariant($"Ops:CheckIntervalSeconds must be between 1 and 86400; it is {options.CheckIntervalSeconds}."));
            }

            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
