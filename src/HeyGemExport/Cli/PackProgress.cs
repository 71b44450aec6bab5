using HeyGemExport.Exports;
using Spectre.Console;

namespace HeyGemExport.Cli;

/// <summary>A progress bar for each phase, on the error stream: the output is for the outcome.</summary>
internal sealed class PackProgress(IStringLocalizer texts, bool isShown) : IProgress<DirectProgress>, IProgress<long>
{
    private readonly Dictionary<string, ProgressTask> bars = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private ProgressContext? context;

    public async Task<T> ShowAsync<T>(Func<Task<T>> run)
    {
        if (!isShown)
        {
            return await run();
        }

        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await terminal.Progress()
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new TransferSpeedColumn(),
                new RemainingTimeColumn())
            .StartAsync(shown =>
            {
                context = shown;
                return run();
            });
    }

    public void Send(long bytes) => Set("Cli.pack.sending", 0, bytes);

    public void Report(DirectProgress value) =>
        Set(value.State == ExportState.Building ? "Cli.pack.building" : "Cli.pack.verifying", value.Done, value.Total);

    public void Report(long value)
    {
        lock (gate)
        {
            bars.GetValueOrDefault("Cli.pack.sending")?.Increment(value);
        }
    }

    private void Set(string phase, long done, long total)
    {
        lock (gate)
        {
            if (context is null)
            {
                return;
            }

            if (!bars.TryGetValue(phase, out var bar))
            {
                bars.Add(phase, bar = context.AddTask(Markup.Escape(texts[phase].Value), maxValue: Math.Max(1, total)));
            }

            bar.Value = total == 0 ? 1 : done;
        }
    }
}
