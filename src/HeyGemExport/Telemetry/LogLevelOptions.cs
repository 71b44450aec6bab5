using Microsoft.Extensions.Options;
using Serilog;
using Serilog.Events;

namespace HeyGemExport.Telemetry;

/// <summary>What is worth a line in the logs. Section <c>Serilog:MinimumLevel</c>, in the format of
/// Serilog.Settings.Configuration.</summary>
/// <remarks>Read here and not by that package, which stops the host with the first value that it does not know and
/// asks for a default as soon as one level is overridden.</remarks>
internal sealed class LogLevelOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Serilog:MinimumLevel";

    /// <summary><c>Verbose</c>, <c>Debug</c>, <c>Information</c>, <c>Warning</c>, <c>Error</c> or <c>Fatal</c>. Default <c>Information</c>.</summary>
    public string Default { get; set; } = nameof(LogEventLevel.Information);

    /// <summary>The same for everything whose source begins with the key. By default the framework's and the job
    /// engine's own words are kept from <c>Warning</c> on, so that no request makes a line.</summary>
    public Dictionary<string, string> Override { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Microsoft"] = nameof(LogEventLevel.Warning),

        // It warns at each start that keys are kept in the clear, which is what a server's own folder is for.
        ["Microsoft.AspNetCore.DataProtection"] = nameof(LogEventLevel.Error),
        ["Microsoft.Hosting.Lifetime"] = nameof(LogEventLevel.Information),
        ["Hangfire"] = nameof(LogEventLevel.Warning),
        ["System"] = nameof(LogEventLevel.Warning),
    };

    /// <summary>Sets the levels; a value that is none is left out, for the validator to report.</summary>
    internal void ApplyTo(LoggerConfiguration logger)
    {
        if (IsLevel(Default, out var standard))
        {
            logger.MinimumLevel.Is(standard);
        }

        foreach (var (source, value) in Override)
        {
            if (IsLevel(value, out var level))
            {
                logger.MinimumLevel.Override(source, level);
            }
        }
    }

    private static bool IsLevel(string value, out LogEventLevel level) =>
        Enum.TryParse(value, ignoreCase: true, out level) && Enum.IsDefined(level);

    /// <summary>Reports every wrong value by its key.</summary>
    public sealed class Validator : IValidateOptions<LogLevelOptions>
    {
        public ValidateOptionsResult Validate(string? name, LogLevelOptions options)
        {
            var errors = options.Override
                .Select(level => (Key: $"Override:{level.Key}", level.Value))
                .Prepend((Key: "Default", Value: options.Default))
                .Where(level => !IsLevel(level.Value, out _))
                .Select(level => $"{Section}:{level.Key} must be one of {string.Join(", ", Enum.GetNames<LogEventLevel>())}; it is '{level.Value}'.")
                .ToList();
            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
