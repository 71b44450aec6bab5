using HeyGemExport.Localization;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Health;

/// <summary>Logs the result of each check at start, and later when it changes. Never stops the app.</summary>
internal sealed partial class SystemCheckMonitor(
    SystemCheck check,
    CheckTexts texts,
    IOptions<HealthOptions> options,
    TimeProvider clock,
    ILogger<SystemCheckMonitor> logger) : BackgroundService
{
    private readonly Dictionary<string, string> known = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.CheckIntervalSeconds), clock);
        do
        {
            foreach (var result in await check.CurrentAsync(stoppingToken))
            {
                Report(result);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Report(CheckResult result)
    {
        var isFirst = !known.TryGetValue(result.Name, out var before);
        if (string.Equals(before, result.Code, StringComparison.Ordinal))
        {
            return;
        }

        known[result.Name] = result.Code;
        var (message, remedy) = RunLogLanguage.Say(() => (texts.Message(result), texts.Remedy(result)));
        switch (result.State)
        {
            case CheckState.Failed when isFirst:
                Log.FailedAtStart(logger, message, remedy);
                break;
            case CheckState.Failed:
                Log.Failed(logger, message, remedy);
                break;
            case CheckState.Degraded:
                Log.Degraded(logger, message, remedy);
                break;
            case CheckState.Ok when isFirst:
                Log.Passed(logger, message);
                break;
            default:
                Log.Recovered(logger, message);
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "启动检查未通过: {Message} → {Remedy}")]
        public static partial void FailedAtStart(ILogger logger, string message, string? remedy);

        [LoggerMessage(LogLevel.Error, "检查未通过: {Message} → {Remedy}")]
        public static partial void Failed(ILogger logger, string message, string? remedy);

        [LoggerMessage(LogLevel.Warning, "检查需要留意: {Message} → {Remedy}")]
        public static partial void Degraded(ILogger logger, string message, string? remedy);

        [LoggerMessage(LogLevel.Information, "启动检查通过: {Message}")]
        public static partial void Passed(ILogger logger, string message);

        [LoggerMessage(LogLevel.Information, "检查已恢复: {Message}")]
        public static partial void Recovered(ILogger logger, string message);
    }
}
