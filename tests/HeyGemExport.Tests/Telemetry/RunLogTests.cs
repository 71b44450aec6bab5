using System.Text.RegularExpressions;
using HeyGemExport.FileSystem;
using HeyGemExport.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serilog.Events;
using Serilog.Parsing;

namespace HeyGemExport.Tests.Telemetry;

public sealed partial class RunLogTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.FromHours(8));

    [Theory]
    [InlineData(LogEventLevel.Error, "ERROR")]
    [InlineData(LogEventLevel.Warning, "WARN")]
    [InlineData(LogEventLevel.Information, "INFO")]
    [InlineData(LogEventLevel.Debug, "DEBUG")]
    public void A_line_is_time_with_offset_level_and_message(LogEventLevel level, string word)
    {
        Assert.Equal($"2026-01-01 12:00:00.000 +08:00 [{word}] 打包失败: disk full", Line(level, "disk full"));
    }

    [Theory]
    [InlineData("a\r\n2026-01-01 12:00:00.000 +08:00 [INFO] forged", "a\\r\\n2026-01-01 12:00:00.000 +08:00 [INFO] forged")]
    [InlineData("a\u2028b\u0085c\u001b[31md", "a\\u2028b\\u0085c\\u001b[31md")]
    [InlineData("clip\u202e4pm.exe", "clip\\u202e4pm.exe")]
    [InlineData("课程第01讲\t王老师 😀", "课程第01讲\t王老师 😀")]
    public void A_value_can_neither_forge_a_line_nor_turn_the_text(string value, string written)
    {
        Assert.Equal("2026-01-01 12:00:00.000 +08:00 [ERROR] 打包失败: " + written, Line(LogEventLevel.Error, value));
    }

    [Fact]
    public void The_lines_of_an_exception_are_indented()
    {
        var lines = Line(LogEventLevel.Error, "x", new IOException("first\n2026-01-01 12:00:00.000 +08:00 [INFO] forged")).Split('\n');

        Assert.Equal(3, lines.Length);
        Assert.All(lines[1..], line => Assert.StartsWith("    ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_host_writes_what_its_levels_let_through_under_the_exact_name()
    {
        await using var app = new ExportApp();
        app.Settings["Serilog:MinimumLevel:Override:HeyGemExport.Exports"] = "Debug";
        using var client = app.CreateClient();
        var logger = app.Services.GetRequiredService<ILogger<RunLogTests>>();

        await client.GetAsync(new Uri("/healthz/live", UriKind.Relative));
        PackingFailed(logger, "磁盘已满");
        Unimportant(logger);

        var lines = await File.ReadAllLinesAsync(Path.Combine(app.Logs, "运行实时日志.log"));
        Assert.Single(lines, line => PackingFailedLine().IsMatch(line));
        Assert.DoesNotContain(lines, line => line.Contains("healthz", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("nobody needs to know", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_host_carries_on_without_its_log_folder_and_logs_again_once_it_can()
    {
        var clock = new FakeTimeProvider(Noon);
        await using var app = new ExportApp { Time = clock };
        app.Settings["Logs:Path"] = app.Folder["blocked"];
        await File.WriteAllTextAsync(app.Folder["blocked"], "a file where the folder should be");
        using var client = app.CreateClient();
        var logger = app.Services.GetRequiredService<ILogger<RunLogTests>>();

        PackingFailed(logger, "while blocked");
        Assert.True((await client.GetAsync(new Uri("/healthz/live", UriKind.Relative))).IsSuccessStatusCode);

        File.Delete(app.Folder["blocked"]);
        clock.Advance(RollingTextFile.RetryAfter);
        PackingFailed(logger, "after");

        var log = await File.ReadAllTextAsync(app.Folder["blocked", RunLogSink.FileName]);
        Assert.Contains("[ERROR] 打包失败: while blocked", log, StringComparison.Ordinal);
        Assert.Contains("[ERROR] 打包失败: after", log, StringComparison.Ordinal);
    }

    private static string Line(LogEventLevel level, string reason, Exception? exception = null) =>
        new RunLogFormatter().Format(new LogEvent(
        Noon,
        level,
        exception,
        new MessageTemplateParser().Parse("打包失败: {Reason}"),
        [new LogEventProperty("Reason", new ScalarValue(reason))]));

    [LoggerMessage(LogLevel.Error, "打包失败: {Reason}")]
    private static partial void PackingFailed(Microsoft.Extensions.Logging.ILogger logger, string reason);

    [LoggerMessage(LogLevel.Debug, "nobody needs to know")]
    private static partial void Unimportant(Microsoft.Extensions.Logging.ILogger logger);

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [+-]\d\d:\d\d \[ERROR\] 打包失败: 磁盘已满$", RegexOptions.None, 1000)]
    private static partial Regex PackingFailedLine();
}
