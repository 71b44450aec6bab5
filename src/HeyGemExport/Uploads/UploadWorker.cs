using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Retention;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Uploads;

/// <summary>
/// Begins deliveries when their exports are ready, takes up those that a stop or a crash interrupted, and clears away what
/// was half sent. Runs beside the job engine: an upload waits for the network, and must not keep a worker from packing.
/// </summary>
internal sealed partial class UploadWorker(
    UploadStore store,
    UploadTransitions transitions,
    UploadJob job,
    UploadCleanup cleanup,
    UploadErrorTexts texts,
    UploadMetrics metrics,
    ExportService exports,
    ActiveDownloads leases,
    Database database,
    IOptions<ObjectStorageOptions> options,
    TimeProvider time,
    ILogger<UploadWorker> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Task> running = new(StringComparer.Ordinal);

    // So that retention does not remove an archive that still has to be sent.
    private readonly Dictionary<string, IDisposable> held = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Destinations.Count == 0)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await KeepAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service is stopping.
        }

        await ((Task)Task.WhenAll(running.Values)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Release(_ => true);
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await transitions.ReleaseOrphansAsync(cancellationToken) is > 0 and var orphans)
            {
                Log.TakenUp(log, orphans);
            }

            foreach (var over in running.Where(run => run.Value.IsCompleted).Select(run => run.Key).ToList())
            {
                running.Remove(over);
            }

            var queued = await store.QueuedAsync(cancellationToken);
            foreach (var delivery in queued)
            {
                await LookAtAsync(delivery, cancellationToken);
            }

            Release(id => !running.ContainsKey(id) && !queued.Any(delivery => string.Equals(delivery.Id, id, StringComparison.Ordinal)));
            await cleanup.ClearAsync(cancellationToken);
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            Log.NotKept(log, exception.Message);
        }
    }

    private async Task LookAtAsync(Upload delivery, CancellationToken cancellationToken)
    {
        if (await exports.FindAsync(delivery.ExportId, cancellationToken) is not { } export)
        {
            return;
        }

        if (UploadService.Obstacle(export, delivery.What) is { } obstacle)
        {
            if (await transitions.FailAsync(delivery.Id, obstacle, cancellationToken))
            {
                metrics.Failed(delivery.Destination, obstacle.Code);
            }

            Log.NotSent(log, texts.ForRunLog(obstacle), delivery.Id, delivery.ExportId);
        }
        else if (IsMine(delivery, export))
        {
            if (running.Count >= options.Value.Workers || running.ContainsKey(delivery.Id))
            {
                Hold(delivery);
                return;
            }

            // The job holds it itself, and must be the only one that does when it removes the archive in the end.
            Release(id => string.Equals(id, delivery.Id, StringComparison.Ordinal));
            running[delivery.Id] = RunAsync(delivery.Id, cancellationToken);
        }
    }

    /// <summary>Whether it can be sent now, and from here: of several nodes, an archive is on the one that built it.</summary>
    private bool IsMine(Upload delivery, Export export) => export.HasEnded
        && (delivery.What == UploadContent.Videos || database.Engine == DatabaseEngine.Sqlite || export.Parts.All(part => File.Exists(part.Path)));

    private async Task RunAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Run(() => job.RunAsync(id, cancellationToken), cancellationToken);
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception) || (exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            Log.NotKept(log, exception.Message);
        }
    }

    private void Hold(Upload delivery)
    {
        if (delivery.What == UploadContent.Archive && !held.ContainsKey(delivery.Id) && leases.TryAcquire(delivery.ExportId) is { } lease)
        {
            held.Add(delivery.Id, lease);
        }
    }

    private void Release(Func<string, bool> isOver)
    {
        foreach (var id in held.Keys.Where(isOver).ToList())
        {
            held.Remove(id, out var lease);
            lease!.Dispose();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "继续 {Count} 个中断的投递")]
        public static partial void TakenUp(ILogger logger, int count);

        [LoggerMessage(Level = LogLevel.Error, Message = "投递失败: {Reason} ({DeliveryId}, {ExportId})")]
        public static partial void NotSent(ILogger logger, string reason, string deliveryId, string exportId);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Deliveries could not be looked after: {Reason}")]
        public static partial void NotKept(ILogger logger, string reason);
    }
}
