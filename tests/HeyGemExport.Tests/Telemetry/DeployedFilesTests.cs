using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using HeyGemExport.Exports;
using HeyGemExport.Notifications;
using HeyGemExport.Shares;
using HeyGemExport.Telemetry;
using HeyGemExport.Uploads;

namespace HeyGemExport.Tests.Telemetry;

/// <summary>The alert rules and the dashboard in <c>deploy</c>.</summary>
public sealed partial class DeployedFilesTests
{
    private static readonly string Deploy = Path.GetFullPath(Path.Combine(SourceTree.Docs, "..", "deploy"));

    [ProgramFact("promtool")]
    public async Task The_alert_rules_hold_for_promtool_and_fire_when_they_should()
    {
        var folder = Path.Combine(Deploy, "prometheus");

        await ExternalTools.RunAsync(folder, "promtool", "check", "rules", "alerts.yml");
        await ExternalTools.RunAsync(folder, "promtool", "test", "rules", "alerts.test.yml");
    }

    [Theory]
    [InlineData("prometheus/alerts.yml")]
    [InlineData("grafana/heygem-export.json")]
    public async Task They_name_only_metrics_that_exist(string file)
    {
        // What is counted has no value yet: its name is known from the instrument.
        var known = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        using var published = new MeterListener();
        published.InstrumentPublished = (instrument, _) => known.TryAdd(
            ExpositionFormat.Name(instrument, instrument.GetType().Name.Contains("Counter", StringComparison.Ordinal)), true);
        published.Start();
        using var app = new ExportApp();
        using var client = app.CreateClient();
        _ = (app.Get<ExportMetrics>(), app.Get<UploadMetrics>(), app.Get<ShareMetrics>(), app.Get<NotificationMetrics>());
        var scraped = Family().Matches(await client.GetStringAsync("/metrics")).Select(match => match.Groups["name"].Value);

        var named = Metric().Matches(await File.ReadAllTextAsync(Path.Combine(Deploy, file)))
            .Select(match => match.Value.Replace("_bucket", "", StringComparison.Ordinal)
                .Replace("_seconds_count", "_seconds", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal)
            .ToList();

        Assert.All(named, name => Assert.Contains(name, known.Keys.Concat(scraped)));
        Assert.NotEmpty(named);
    }

    [GeneratedRegex("^# TYPE (?<name>[a-z_]+) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Family();

    [GeneratedRegex(@"\b(heygem|dotnet_process|http_server)_[a-z_]+[a-z]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Metric();
}
