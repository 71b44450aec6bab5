using HeyGemExport.Data;
using HeyGemExport.Jobs;

namespace HeyGemExport.Exports.Retention;

/// <summary>
/// At start takes up the exports that were queued or running when the process ended, and sweeps the temp directory; then
/// does both again every minute, and sooner while a database or a folder is away: somebody waits for what was interrupted.
/// </summary>
internal sealed partial class ExportRecoveryService(
    ExportStore store, ExportTransitions transitions, ArchiveRetention retention, IExportQueue queue, TimeProvider time, ILogger<ExportRecoveryService> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan IntervalWhileAway = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                timer.Period = await KeptAsync(stoppingToken) ? Interval : IntervalWhileAway;
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service is stopping.
        }
    }

    private async Task<bool> KeptAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await transitions.RequeueOrphansAsync(cancellationToken) is > 0 and var orphans)
            {
                Log.TakenUp(log, orphans);
            }

            // Before anything is queued again: a worker must not meet the sweep at what it left behind itself.
            await retention.SweepAsync(cancellationToken);
            await TakeUpAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception) || exception is IOException or UnauthorizedAccessException)
        {
            Log.NotKept(log, exception.Message);
            return false;
        }
    }

    /// <summary>Queues whatever the record says is queued: the engine may have forgotten it, or the node that queued it is gone.</summary>
    private async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        foreach (var export in await store.InStateAsync(ExportState.Queued, cancellationToken))
        {
            await queue.EnqueueAsync(export.Id, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "重新开始 {Count} 个中断的打包任务")]
        public static partial void TakenUp(ILogger logger, int count);

        [LoggerMessage(Level = LogLevel.Error, Message = "清理未完成: {Reason}")]
        public static partial void NotKept(ILogger logger, string reason);
    }
}
