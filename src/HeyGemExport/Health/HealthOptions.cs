using System.ComponentModel.DataAnnotations;
using HeyGemExport.FileSystem;
using HeyGemExport.Hosting;

namespace HeyGemExport.Health;

/// <summary>Thresholds of the checks, and who may read <c>/metrics</c>. Section <c>Ops</c>.</summary>
internal sealed class HealthOptions : IValidatableObject
{
    public const string Section = "Ops";

    private const int MinTokenLength = 16;

    /// <summary>Free bytes in the temp folder below which the check is degraded. Default 1 GiB.</summary>
    [Range(0, long.MaxValue, ErrorMessage = "{0} must be 0 or more")]
    public long LowFreeBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>Free bytes in the temp folder below which the check fails; at most <see cref="LowFreeBytes"/>. Default 100 MiB.</summary>
    public long MinimumFreeBytes { get; set; } = 100L * 1024 * 1024;

    /// <summary>Seconds that one check may take, for a network folder that hangs. Default 5.</summary>
    [Range(0d, 300, MinimumIsExclusive = true)]
    public double CheckTimeoutSeconds { get; set; } = 5;

    /// <summary>Seconds between two rounds of checks. Default 30.</summary>
    [Range(1d, 86_400)]
    public double CheckIntervalSeconds { get; set; } = 30;

    /// <summary>The bearer token by which Prometheus may read <c>/metrics</c>; at least 16 characters. Empty: none.</summary>
    public string MetricsToken { get; set; } = "";

    /// <summary>A file that holds the token instead, as container platforms hand over secrets; read anew each time.</summary>
    public string MetricsTokenFile { get; set; } = "";

    /// <summary>The token of this moment; null when there is none, or its file cannot be read.</summary>
    public string? CurrentMetricsToken() =>
        (MetricsTokenFile.Length > 0 ? SecretFile.TryRead(MetricsTokenFile) : MetricsToken) is { Length: >= MinTokenLength } token
            ? token
            : null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => ValidatedOptions.Check(
        (MinimumFreeBytes < 0 || MinimumFreeBytes > LowFreeBytes,
            $"Ops:MinimumFreeBytes must be between 0 and Ops:LowFreeBytes ({LowFreeBytes}); it is {MinimumFreeBytes}."),
        (MetricsToken.Length is > 0 and < MinTokenLength,
            $"Ops:MetricsToken must have at least {MinTokenLength} characters; it has {MetricsToken.Length}."),
        (MetricsToken.Length > 0 && MetricsTokenFile.Length > 0, "Ops:MetricsToken and Ops:MetricsTokenFile must not both be set."),
        (MetricsTokenFile.Length > 0 && CurrentMetricsToken() is null,
            $"Ops:MetricsTokenFile must name a readable file with at least {MinTokenLength} characters; it is '{MetricsTokenFile}'."));
}
