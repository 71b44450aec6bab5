using HeyGemExport.Localization;

namespace HeyGemExport.Health;

/// <summary>Logs the result of each check at start, and later when it changes. Never stops the app.</summary>
internal sealed partial class SystemCheckMonitor(
    SystemCheck check, HealthTexts texts, IOptions<HealthOptions> options, TimeProvider clock, ILogger<SystemCheckMonitor> logger)
    : BackgroundService
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
        var (level, headline) = (result.State, isFirst) switch
        {
            (CheckState.Failed, true) => (LogLevel.Error, "启动检查未通过"),
            (CheckState.Failed, false) => (LogLevel.Error, "检查未通过"),
            (CheckState.Degraded, _) => (LogLevel.Warning, "检查需要留意"),
            (_, true) => (LogLevel.Information, "启动检查通过"),
            _ => (LogLevel.Information, "检查已恢复"),
        };
        Log.Result(logger, level, headline, remedy is null ? message : $"{message} → {remedy}");
    }

    private static partial class Log
    {
        [LoggerMessage("{Headline}: {Message}")]
        public static partial void Result(ILogger logger, LogLevel level, string headline, string message);
    }
}
