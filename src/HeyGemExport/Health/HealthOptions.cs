using Microsoft.Extensions.Options;

namespace HeyGemExport.Health;

/// <summary>When the checks call for help. Section <c>Ops</c>.</summary>
internal sealed class HealthOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Ops";

    private const int MinTokenLength = 16;

    /// <summary>Free bytes in the temp folder below which the check says degraded. Default 1 GiB.</summary>
    public long LowFreeBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>Free bytes in the temp folder below which the check fails; at most <see cref="LowFreeBytes"/>. Default 100 MiB.</summary>
    public long MinimumFreeBytes { get; set; } = 100L * 1024 * 1024;

    /// <summary>Seconds that one check may take, for a network folder that hangs; above 0, at most 300. Default 5.</summary>
    public double CheckTimeoutSeconds { get; set; } = 5;

    /// <summary>Seconds between two rounds of checks; 1 to 86,400. Default 30.</summary>
    public double CheckIntervalSeconds { get; set; } = 30;

    /// <summary>What Prometheus sends as <c>Authorization: Bearer …</c> to read <c>/metrics</c>; at least 16 characters. Empty: none.</summary>
    public string MetricsToken { get; set; } = "";

    /// <summary>A file that holds the token instead, as container platforms hand over secrets; read anew each time.</summary>
    public string MetricsTokenFile { get; set; } = "";

    /// <summary>The token of this moment; null when there is none, or its file cannot be read.</summary>
    public async Task<string?> ReadMetricsTokenAsync(CancellationToken cancellationToken)
    {
        if (MetricsTokenFile.Length == 0)
        {
            return MetricsToken.Length == 0 ? null : MetricsToken;
        }

        try
        {
            var token = (await File.ReadAllTextAsync(MetricsTokenFile, cancellationToken)).Trim();
            return token.Length < MinTokenLength ? null : token;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reports every wrong value by its key.</summary>
    public sealed class Validator : IValidateOptions<HealthOptions>
    {
        public ValidateOptionsResult Validate(string? name, HealthOptions options)
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

            if (options.MetricsToken.Length is > 0 and < MinTokenLength)
            {
                errors.Add($"Ops:MetricsToken must have at least {MinTokenLength} characters; it has {options.MetricsToken.Length}.");
            }

            if (options.MetricsToken.Length > 0 && options.MetricsTokenFile.Length > 0)
            {
                errors.Add("Ops:MetricsToken and Ops:MetricsTokenFile must not both be set.");
            }

            if (options.MetricsTokenFile.Length > 0 && !IsToken(options.MetricsTokenFile))
            {
                errors.Add($"Ops:MetricsTokenFile must name a readable file with at least {MinTokenLength} characters; it is '{options.MetricsTokenFile}'.");
            }

            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }

        private static bool IsToken(string path)
        {
            try
            {
                return File.ReadAllText(path).Trim().Length >= MinTokenLength;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
            {
                return false;
            }
        }
    }
}
