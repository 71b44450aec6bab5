using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Retention;
using HeyGemExport.Uploads.Sending;

namespace HeyGemExport.Uploads;

/// <summary>
/// Runs one delivery from claim to the last proof, whoever asks for it and however often. The record is the truth: what has
/// arrived is not sent again, and an upload that was begun is gone on with.
/// </summary>
internal sealed partial class UploadJob(
    UploadStore store,
    UploadTransitions transitions,
    UploadPlanner planner,
    UploadProgressBoard board,
    Destinations destinations,
    ExportService exports,
    ExportTransitions exportTransitions,
    ActiveDownloads leases,
    ArchiveRetention retention,
    UploadErrorTexts texts,
    AuditTrail audit,
    UploadMetrics metrics,
    TimeProvider time,
    ILogger<UploadJob> log)
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(1);

    /// <summary>Sends what has not arrived, or ends the delivery as failed; does nothing when it is not queued.</summary>
    public async Task RunAsync(string id, CancellationToken cancellationToken)
    {
        if (!await transitions.ClaimAsync(id, cancellationToken) || await store.FindAsync(id, cancellationToken) is not { } delivery)
        {
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var finished = new CancellationTokenSource();
        var heartbeat = KeepClaimAsync(id, stop, finished.Token);
        try
        {
            await SendAsync(delivery, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Log.Stopped(log, id);
        }
        catch (Exception exception)
        {
            await FailAsync(delivery, exception);
        }
        finally
        {
            await finished.CancelAsync();
            await heartbeat;
            board.End(id);
            await PutDownAsync(id, stop.IsCancellationRequested);
        }
    }

    private async Task SendAsync(Upload delivery, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        if (delivery.Attempts > UploadTransitions.MaxAttempts)
        {
            throw new ObjectStoreException(new ExportError("interrupted"), isTransient: false);
        }

        if (await exports.FindAsync(delivery.ExportId, cancellationToken) is not { } export || destinations.Find(delivery.Destination) is null)
        {
            throw new ObjectStoreException(new ExportError("destination-gone", [delivery.Destination]), isTransient: false);
        }

        using (Hold(delivery))
        {
            await exportTransitions.TouchAsync(export.Id, cancellationToken);
            delivery = await BeginAsync(delivery, export, cancellationToken);
            await SendObjectsAsync(delivery, export, cancellationToken);
        }

        if (await transitions.FinishAsync(delivery.Id, CancellationToken.None))
        {
            metrics.Ready(delivery.Destination, time.GetElapsedTime(begun));
            Log.Ready(log, delivery.Id, delivery.ExportId, delivery.Destination, delivery.Objects.Count, delivery.TotalBytes);
            await RecordAsync(AuditActions.UploadReady, delivery, delivery.TotalBytes, "ok", delivery.Address);
            if (delivery.DropLocal && export.State == ExportState.Ready)
            {
                await retention.RemoveDeliveredAsync(export, CancellationToken.None);
            }
        }
    }

    /// <summary>Keeps the archive here while it is sent; videos are the library's own.</summary>
    private IDisposable? Hold(Upload delivery) => delivery.What == UploadContent.Videos
        ? null
        : leases.TryAcquire(delivery.ExportId) ?? throw new ObjectStoreException(new ExportError("archive-gone"), isTransient: false);

    private async Task<Upload> BeginAsync(Upload delivery, Export export, CancellationToken cancellationToken)
    {
        if (delivery.Objects.Count == 0)
        {
            await store.PlanAsync(delivery.Id, await planner.PlanAsync(delivery, export, cancellationToken), cancellationToken);
            delivery = (await store.FindAsync(delivery.Id, cancellationToken))!;
        }

        metrics.Started(delivery.Destination);
        Log.Started(log, delivery.Id, delivery.ExportId, delivery.Destination, delivery.Objects.Count, delivery.TotalBytes);
        await RecordAsync(AuditActions.UploadStarted, delivery, delivery.TotalBytes, "ok", delivery.Address);
        return delivery;
    }

    private async Task SendObjectsAsync(Upload delivery, Export export, CancellationToken cancellationToken)
    {
        using var objects = destinations.Open(delivery.Destination, delivery.Bucket);
        var sender = new ObjectSender(
            objects, destinations.SettingsOf(delivery.Destination), destinations.Patience, fault => Log.TriedAgain(log, delivery.Id, texts.ForRunLog(fault.Error)));
        var progress = board.Begin(delivery.Id, delivery.Objects.Where(item => item.Arrived).Sum(item => item.Bytes));
        var sources = await planner.SourcesAsync(delivery, export, cancellationToken);

        // In order: the manifest is the last.
        foreach (var item in delivery.Objects.Where(item => !item.Arrived))
        {
            await sender.SendAsync(
                new ObjectOrder(sources[item.Ordinal], item.Key)
                {
                    Begun = item.UploadId is { } upload ? new BegunUpload(upload, item.PartBytes) : null,
                    Begin = begun => transitions.RememberAsync(delivery.Id, item.Ordinal, begun, CancellationToken.None),
                },
                progress,
                cancellationToken);
            await transitions.ArriveAsync(delivery.Id, item.Ordinal, CancellationToken.None);
            metrics.Arrived(delivery.Destination, item.Bytes);
        }
    }

    /// <summary>Says that this process works on it, and stops when the record is no longer its own.</summary>
    private async Task KeepClaimAsync(string id, CancellationTokenSource stop, CancellationToken finished)
    {
        using var timer = new PeriodicTimer(HeartbeatInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(finished))
            {
                try
                {
                    if (!await transitions.HeartbeatAsync(id, board.Find(id) ?? 0, finished))
                    {
                        await stop.CancelAsync();
                        return;
                    }
                }
                catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
                {
                    Log.NotUpdated(log, id, exception.Message);
                }
            }
        }
        catch (OperationCanceledException) when (finished.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    private async Task FailAsync(Upload delivery, Exception exception)
    {
        // A database that is away says nothing about the delivery: it is taken up again when that is back.
        if (DatabaseErrors.IsUnavailable(exception))
        {
            Log.NotUpdated(log, delivery.Id, exception.Message);
            return;
        }

        var error = UploadErrors.Describe(exception, delivery);
        Log.Failed(log, texts.ForRunLog(error), delivery.Id, delivery.ExportId, exception);
        try
        {
            if (await transitions.FailAsync(delivery.Id, error, CancellationToken.None))
            {
                metrics.Failed(delivery.Destination, error.Code);
                await RecordAsync(AuditActions.UploadFailed, delivery, board.Find(delivery.Id) ?? 0, "failed", texts.ForRunLog(error));
            }
        }
        catch (Exception fault) when (DatabaseErrors.IsUnavailable(fault))
        {
            Log.NotUpdated(log, delivery.Id, fault.Message);
        }
    }

    /// <summary>No request is under way any more: others may take it up, or clear it away.</summary>
    private async Task PutDownAsync(string id, bool stopped)
    {
        try
        {
            await transitions.ReleaseAsync(id, stopped, CancellationToken.None);
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            Log.NotUpdated(log, id, exception.Message);
        }
    }

    private Task RecordAsync(string action, Upload delivery, long bytes, string outcome, string? detail) => audit.RecordAsync(
        new AuditRecord(time.GetUtcNow(), action, Caller.System.Who, Caller.System.From, delivery.ExportId, delivery.Objects.Count, bytes, outcome, $"{delivery.Destination}: {detail}"),
        CancellationToken.None);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "开始投递: {DeliveryId} ({ExportId}) → {Destination}, {Objects} 个对象, {Bytes} 字节")]
        public static partial void Started(ILogger logger, string deliveryId, string exportId, string destination, int objects, long bytes);

        [LoggerMessage(Level = LogLevel.Information, Message = "投递完成: {DeliveryId} ({ExportId}) → {Destination}, {Objects} 个对象, {Bytes} 字节")]
        public static partial void Ready(ILogger logger, string deliveryId, string exportId, string destination, int objects, long bytes);

        [LoggerMessage(Level = LogLevel.Information, Message = "投递中止: {DeliveryId}")]
        public static partial void Stopped(ILogger logger, string deliveryId);

        [LoggerMessage(Level = LogLevel.Warning, Message = "投递重试: {DeliveryId}, {Reason}")]
        public static partial void TriedAgain(ILogger logger, string deliveryId, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "投递失败: {Reason} ({DeliveryId}, {ExportId})")]
        public static partial void Failed(ILogger logger, string reason, string deliveryId, string exportId, Exception exception);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The record of delivery {DeliveryId} could not be updated: {Reason}")]
        public static partial void NotUpdated(ILogger logger, string deliveryId, string reason);
    }
}
