using System.Collections.Concurrent;
using System.Diagnostics;
using HeyGemExport.Accounts;
using HeyGemExport.Archives;
using HeyGemExport.Audit;
using HeyGemExport.Data;
using HeyGemExport.Exports.Retention;
using HeyGemExport.Hosting;

namespace HeyGemExport.Exports;

/// <summary>
/// Runs one export from claim to publication, whichever engine asks for it and however often. The record is the truth:
/// the claim is a conditional update, and a run begins from scratch.
/// </summary>
internal sealed partial class ExportJob(
    ExportStore store,
    ExportTransitions transitions,
    ExportProgressBoard board,
    ArchiveFolder folder,
    ArchiveRetention retention,
    ArchiveBuilder builder,
    ExportErrorTexts texts,
    AuditTrail audit,
    ExportMetrics metrics,
    TimeProvider time,
    ILogger<ExportJob> log)
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(1);

    // An export that was cancelled and is retried at once: its former run may still be putting its files away.
    private readonly ConcurrentDictionary<string, TaskCompletionSource> running = new(StringComparer.Ordinal);

    /// <summary>Packs, proves and publishes the export, or ends it as failed; does nothing when it is not queued.</summary>
    public async Task RunAsync(string id, CancellationToken cancellationToken)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (running.GetOrAdd(id, over) is var first && first != over)
        {
            await first.Task.WaitAsync(cancellationToken);
        }

        try
        {
            await RunAloneAsync(id, cancellationToken);
        }
        finally
        {
            running.TryRemove(id, out _);
            over.SetResult();
        }
    }

    private async Task RunAloneAsync(string id, CancellationToken cancellationToken)
    {
        if (!await transitions.ClaimAsync(id, cancellationToken)
            || await PatientlyAsync(id, () => store.FindAsync(id, cancellationToken), cancellationToken) is not { } export)
        {
            return;
        }

        using var span = Tracing.Start("export")?.SetTag("export.id", id);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var finished = new CancellationTokenSource();
        var heartbeat = KeepClaimAsync(id, stop, finished.Token);
        try
        {
            await PackAsync(export, stop.Token);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // Whatever breaks meanwhile may be the stop's own doing; what is not, the next run finds again.
            await ReleaseAsync(id);
        }
        catch (Exception exception)
        {
            await FailAsync(export, exception, cancellationToken);
        }
        finally
        {
            await finished.CancelAsync();
            await heartbeat;
            board.End(id);
        }
    }

    private async Task PackAsync(Export export, CancellationToken cancellationToken)
    {
        if (await PatientlyAsync(export.Id, () => transitions.AttemptsAsync(export.Id, cancellationToken), cancellationToken) > ExportTransitions.MaxAttempts)
        {
            throw new ExportInterruptedException();
        }

        Log.Started(log, export.Id, export.FileCount, export.TotalBytes);
        metrics.Started(time.GetUtcNow() - export.QueuedAt);
        await RecordAsync(AuditActions.ExportStarted, export, export.TotalBytes, "ok", detail: null);
        var began = time.GetTimestamp();
        var promised = await PatientlyAsync(export.Id, () => store.ReadContractAsync(export.Id, cancellationToken), cancellationToken);
        await PatientlyAsync(export.Id, () => PrepareAsync(export, cancellationToken), cancellationToken);

        await using var packer = new ArchivePacker(export, promised, builder, folder);
        await packer.BuildAsync(board.Begin(export.Id, ExportState.Building), cancellationToken);
        if (!await PatientlyAsync(export.Id, () => transitions.VerifyAsync(export.Id, cancellationToken), cancellationToken))
        {
            return;
        }

        await packer.VerifyAsync(board.Begin(export.Id, ExportState.Verifying), cancellationToken);
        await FinishAsync(export, await packer.PublishAsync(cancellationToken), time.GetElapsedTime(began), cancellationToken);
    }

    private async Task<bool> PrepareAsync(Export export, CancellationToken cancellationToken)
    {
        await retention.PrepareAsync(export, cancellationToken);
        return true;
    }

    /// <summary>From here on the archives are there, so nothing is cancelled any more but the wait for a database that is away.</summary>
    private async Task FinishAsync(Export export, PackedSet packed, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        var published = false;
        try
        {
            published = await PatientlyAsync(export.Id, () => transitions.PublishAsync(export.Id, packed, CancellationToken.None), cancellationToken);
        }
        finally
        {
            if (!published)
            {
                foreach (var part in packed.Parts)
                {
                    File.Delete(part.Path);
                }
            }
        }

        if (published)
        {
            var bytes = packed.Parts.Sum(part => part.Bytes);
            board.Completed(export.TotalBytes, elapsed);
            Log.Ready(log, export.Id, export.ArchiveName, bytes, elapsed.TotalSeconds);
            metrics.Ready(packed.Entries.Count, bytes, elapsed);
            await RecordAsync(AuditActions.ExportReady, export with { FileCount = packed.Entries.Count }, bytes, "ok", Detail(packed));
        }
    }

    private static string Detail(PackedSet packed)
    {
        var hashes = string.Join(", ", packed.Parts.Select(part => "sha256 " + part.Sha256));
        return packed.LeftOut.Count == 0
            ? hashes
            : $"{hashes}; left out: {string.Join(", ", packed.LeftOut.Select(issue => $"{issue.Path} ({issue.Reason})"))}";
    }

    /// <summary>Says that this worker is alive, and stops it when the record is no longer its own.</summary>
    private async Task KeepClaimAsync(string id, CancellationTokenSource stop, CancellationToken finished)
    {
        using var timer = new PeriodicTimer(HeartbeatInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(finished))
            {
                try
                {
                    if (!await transitions.HeartbeatAsync(id, board.Find(id), finished))
                    {
                        await stop.CancelAsync();
                        return;
                    }
                }
                catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
                {
                    // A database that is away for a moment is no reason to throw hours of packing away.
                    Log.NotUpdated(log, id, exception.Message);
                }
            }
        }
        catch (OperationCanceledException) when (finished.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    /// <summary>Either the service is stopping, and the next start takes the export up; or a person cancelled it.</summary>
    private async Task ReleaseAsync(string id)
    {
        try
        {
            var released = await transitions.ReleaseAsync(id, CancellationToken.None);
            Log.Stopped(log, id, released ? "queued again" : "cancelled");
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            Log.NotUpdated(log, id, exception.Message);
        }
    }

    private async Task FailAsync(Export export, Exception exception, CancellationToken cancellationToken)
    {
        var error = ExportErrors.Describe(exception, folder.FullPath);
        Activity.Current?.SetStatus(ActivityStatusCode.Error, error.Code);
        Log.Failed(log, texts.ForRunLog(error), export.Id, exception);
        try
        {
            if (await PatientlyAsync(export.Id, () => transitions.FailAsync(export.Id, error, CancellationToken.None), cancellationToken))
            {
                metrics.Failed(error.Code);
                await RecordAsync(AuditActions.ExportFailed, export, board.Find(export.Id)?.DoneBytes ?? 0, "failed", texts.ForRunLog(error));
            }
        }
        catch (Exception fault) when (DatabaseErrors.IsUnavailable(fault) || cancellationToken.IsCancellationRequested)
        {
            // The record stays as it is; it is taken up again at the next start.
            Log.NotUpdated(log, export.Id, fault.Message);
        }
    }

    /// <summary>A database that is away is waited for: what was packed is worth more than the worker's time.</summary>
    private Task<T> PatientlyAsync<T>(string id, Func<Task<T>> ask, CancellationToken cancellationToken) =>
        DatabaseRetry.UntilAvailableAsync(ask, exception => Log.NotUpdated(log, id, exception.Message), time, cancellationToken);

    private Task RecordAsync(string action, Export export, long bytes, string outcome, string? detail) => audit.RecordAsync(
        new AuditRecord(time.GetUtcNow(), action, Caller.System.Who, Caller.System.From, export.Id, export.FileCount, bytes, outcome, detail),
        CancellationToken.None);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "开始打包: {ExportId}, {Files} 个文件, {Bytes} 字节")]
        public static partial void Started(ILogger logger, string exportId, int files, long bytes);

        [LoggerMessage(Level = LogLevel.Information, Message = "打包完成: {ExportId}, {Archive}, {Bytes} 字节, {Seconds:F1} 秒")]
        public static partial void Ready(ILogger logger, string exportId, string archive, long bytes, double seconds);

        [LoggerMessage(Level = LogLevel.Information, Message = "打包中止: {ExportId}, {Outcome}")]
        public static partial void Stopped(ILogger logger, string exportId, string outcome);

        [LoggerMessage(Level = LogLevel.Error, Message = "打包失败: {Reason} ({ExportId})")]
        public static partial void Failed(ILogger logger, string reason, string exportId, Exception exception);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The record of export {ExportId} could not be updated: {Reason}")]
        public static partial void NotUpdated(ILogger logger, string exportId, string reason);
    }
}
