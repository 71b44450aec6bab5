using Hangfire.Server;
using HeyGemExport.Exports;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Jobs;

/// <summary>
/// How Hangfire is doing in this process. Hangfire keeps this process going beside its workers and takes it down with them, so no
/// storage has to be asked.
/// </summary>
internal sealed class HangfireEngineMonitor(RunningExports running, IOptions<ExportOptions> options, TimeProvider time) : IEngineMonitor, IBackgroundProcess
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    /// <summary>Also the time that the engine is given to begin: it waits for the host to have started.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private long lastBeat = time.GetTimestamp();

    public Task<EngineStatus> AskAsync(CancellationToken cancellationToken)
    {
        var isRunning = time.GetElapsedTime(Volatile.Read(ref lastBeat)) < Patience;
        return Task.FromResult(new EngineStatus(isRunning, options.Value.Workers, running.Count));
    }

    public void Execute(BackgroundProcessContext context)
    {
        Volatile.Write(ref lastBeat, time.GetTimestamp());
        context.Wait(Beat);
    }
}
