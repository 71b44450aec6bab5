using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.FileSystem;
using HeyGemExport.Health;
using HeyGemExport.Library;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Tests.Health;

public sealed class SystemCheckTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public SystemCheckTests() => Directory.CreateDirectory(folder["outputs"]);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Resolves_relative_folders_against_the_content_root_and_passes()
    {
        var results = await Check().RunAsync(CancellationToken.None);

        Assert.Equal("outputs temp data logs space", string.Join(' ', results.Select(result => result.Name)));
        Assert.All(results, result => Assert.Equal(CheckState.Ok, result.State));
        Assert.Equal(
            "outputs temp data logs temp",
            string.Join(' ', results.Select(result => Path.GetRelativePath(folder.FullPath, result.Args[0]))));
    }

    [Fact]
    public async Task Answers_from_memory_for_some_seconds_and_notices_the_repair_after_them()
    {
        var check = Check();
        Directory.Delete(folder["outputs"]);
        Assert.Equal(CheckState.Failed, (await check.CurrentAsync(CancellationToken.None))[0].State);

        Directory.CreateDirectory(folder["outputs"]);
        Assert.Equal(CheckState.Failed, (await check.CurrentAsync(CancellationToken.None))[0].State);

        clock.Advance(SystemCheck.Freshness);
        Assert.Equal(CheckState.Ok, (await check.CurrentAsync(CancellationToken.None))[0].State);
    }

    [Fact]
    public async Task Everybody_who_asks_during_a_run_gets_its_results()
    {
        var check = Check();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => check.CurrentAsync(CancellationToken.None)));

        Assert.All(answers, answer => Assert.Same(answers[0], answer));
    }

    [Fact]
    public async Task A_file_system_that_hangs_fails_in_time_and_recovers_when_it_answers()
    {
        var probe = new FolderProbe("outputs", "Library:OutputsPath", folder["outputs"]);
        using var answers = new ManualResetEventSlim();
        var runs = 0;
        var check = new SystemCheck(
            [
                new(
                    "outputs",
                    _ =>
                    {
                        Interlocked.Increment(ref runs);
                        answers.Wait(CancellationToken.None);
                        return Task.FromResult(probe.Readable([".mp4"]));
                    },
                    probe.TimedOut),
            ],
            [], TimeSpan.FromSeconds(5), clock);

        for (var round = 0; round < 3; round++)
        {
            var hanging = check.RunAsync(CancellationToken.None);
            await Eventually.HoldsAsync(() =>
            {
                clock.Advance(TimeSpan.FromSeconds(5));
                return hanging.IsCompleted;
            });
            var outputs = (await hanging)[0];
            Assert.Equal((CheckState.Failed, "check-timeout"), (outputs.State, outputs.Code));
        }

        Assert.Equal(1, runs);
        answers.Set();
        await Eventually.HoldsAsync(
            async () => (await check.RunAsync(CancellationToken.None).WaitAsync(Patience))[0].State == CheckState.Ok);
    }

    [Fact]
    public async Task The_monitor_reports_loudly_at_start_and_again_when_a_check_changes()
    {
        Directory.Delete(folder["outputs"]);
        var log = new RecordingLogger();
        using var localized = new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider();
        var texts = new HealthTexts(localized.GetRequiredService<IStringLocalizer<HealthTexts>>());
        using var monitor = new SystemCheckMonitor(Check(), texts, Options.Create(new HealthOptions()), clock, log);
        await monitor.StartAsync(CancellationToken.None);

        var (level, line) = await log.NextAsync();
        Assert.Equal(LogLevel.Error, level);
        Assert.StartsWith($"启动检查未通过: {folder["outputs"]}", line, StringComparison.Ordinal);
        Assert.Contains("mkdir -p", line, StringComparison.Ordinal);
        for (var passed = 0; passed < 4; passed++)
        {
            Assert.Equal(LogLevel.Information, (await log.NextAsync()).Level);
        }

        Directory.CreateDirectory(folder["outputs"]);
        clock.Advance(TimeSpan.FromSeconds(30));
        (level, line) = await log.NextAsync();
        Assert.Equal(LogLevel.Information, level);
        Assert.StartsWith($"检查已恢复: {folder["outputs"]}", line, StringComparison.Ordinal);

        Directory.Delete(folder["outputs"]);
        clock.Advance(TimeSpan.FromSeconds(30));
        (level, line) = await log.NextAsync();
        Assert.Equal(LogLevel.Error, level);
        Assert.StartsWith("检查未通过: ", line, StringComparison.Ordinal);

        await monitor.StopAsync(CancellationToken.None);
    }

    private SystemCheck Check()
    {
        var environment = new Root(folder.FullPath);
        return new SystemCheck(
            Options.Create(new LibraryOptions()),
            Options.Create(new ExportOptions { TempPath = "temp" }),
            Options.Create(new DataOptions()),
            new LogFolder(Options.Create(new LogOptions()), environment, clock),
            Options.Create(new HealthOptions { LowFreeBytes = 1, MinimumFreeBytes = 1 }),
            environment,
            clock);
    }

    private sealed class Root(string path) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "Production";

        public string ApplicationName { get; set; } = "HeyGemExport";

        public string ContentRootPath { get; set; } = path;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }

    private sealed class RecordingLogger : ILogger<SystemCheckMonitor>
    {
        private readonly System.Threading.Channels.Channel<(LogLevel Level, string Line)> lines =
            System.Threading.Channels.Channel.CreateUnbounded<(LogLevel Level, string Line)>();

        public Task<(LogLevel Level, string Line)> NextAsync() => lines.Reader.ReadAsync().AsTask().WaitAsync(Patience);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Writer.TryWrite((logLevel, formatter(state, exception)));
    }
}
