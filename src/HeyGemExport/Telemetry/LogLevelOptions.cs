using System.ComponentModel.DataAnnotations;
using Serilog.Events;

namespace HeyGemExport.Telemetry;

/// <summary>Checks what Serilog.Settings.Configuration is going to read, because it stops the host at the first level that it does not
/// know, before the other wrong settings are reported. Section <c>Serilog:MinimumLevel</c>.</summary>
internal sealed class LogLevelOptions : IValidatableObject
{
    public const string Section = "Serilog:MinimumLevel";

    public string Default { get; set; } = nameof(LogEventLevel.Information);

    /// <summary>Levels of single sources, by the beginning of their names.</summary>
    public Dictionary<string, string> Override { get; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Failures().Select(failure => new ValidationResult(failure));

    public IEnumerable<string> Failures() => Override
        .Select(level => (Key: $"Override:{level.Key}", level.Value))
        .Prepend((Key: "Default", Value: Default))
        .Where(level => !Enum.TryParse<LogEventLevel>(level.Value, ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed))
        .Select(level =>
            $"{Section}:{level.Key} must be one of {string.Join(", ", Enum.GetNames<LogEventLevel>())}; it is '{level.Value}'.");
}
