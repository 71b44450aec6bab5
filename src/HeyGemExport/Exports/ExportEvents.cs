using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Data;

namespace HeyGemExport.Exports;

/// <summary>Learns at once that an export has ended, whatever way. What it misses, such as by a crash, it has to find by itself.</summary>
internal interface IExportFollower
{
    Task OnEndedAsync(string exportId, CancellationToken cancellationToken);
}

/// <summary>What happens to exports: one call writes the run log, the metrics and the audit trail.</summary>
internal sealed partial class ExportEvents(
    AuditTrail audit, ExportMetrics metrics, ExportErrorTexts texts, IEnumerable<IExportFollower> followers, TimeProvider time,
    ILogger<ExportEvents> log)
{
    public Task RequestedAsync(Export export, Caller caller)
    {
        metrics.Requested();
        return RecordAsync(AuditActions.ExportRequested, export, caller);
    }

    public Task JoinedAsync(Export export, Caller caller)
    {
        metrics.Joined();
        return RecordAsync(AuditActions.ExportJoined, export, caller);
    }

    public void Refused(ExportError error) => metrics.Refused(error.Code);

    public Task LeftAsync(Export export, Caller caller) => RecordAsync(AuditActions.ExportLeft, export, caller);

    public Task RenamedAsync(Export export, string? title, Caller caller) =>
        RecordAsync(AuditActions.ExportRenamed, export, caller, detail: title);

    public Task RetriedAsync(Export export, Caller caller)
    {
        metrics.Retried();
        return RecordAsync(AuditActions.ExportRetried, export, caller, detail: $"after {export.Error?.Code ?? "cancelled"}");
    }

    public Task StartedAsync(Export export)
    {
        metrics.Started(time.GetUtcNow() - export.QueuedAt);
        Log.Started(log, export.Id, export.FileCount, export.TotalBytes);
        return RecordAsync(AuditActions.ExportStarted, export, Caller.System);
    }

    public async Task ReadyAsync(Export export, PackedSet packed, TimeSpan elapsed)
    {
        var bytes = packed.Parts.Sum(part => part.Bytes);
        metrics.Ready(packed.Entries.Count, bytes, elapsed);
        Log.Ready(log, export.Id, export.ArchiveName, bytes, elapsed.TotalSeconds);
        var leftOut = string.Join(", ", packed.LeftOut.Select(issue => $"{issue.Path} ({issue.Reason})"));
        await RecordAsync(
            AuditActions.ExportReady, export with { FileCount = packed.Entries.Count }, Caller.System, bytes,
            detail: leftOut.Length == 0 ? null : $"left out: {leftOut}");
        await FollowAsync(export.Id);
    }

    /// <summary>The file of an archive is not the one that was verified.</summary>
    public Task DistrustedAsync(Export export, ArchivePart part)
    {
        Log.Distrusted(log, export.Id, part.Name);
        return RecordAsync(AuditActions.ArchiveChanged, export, Caller.System, part.Bytes, "failed", part.Name);
    }

    /// <summary>Its archives turned out to be whole.</summary>
    public Task ConfirmedAsync(Export export)
    {
        Log.Confirmed(log, export.Id, export.ArchiveName);
        return RecordAsync(AuditActions.ExportReady, export, Caller.System, detail: "verified anew: intact");
    }

    public void FoundDamaged(Export export) => Log.Damaged(log, export.Id, export.ArchiveName);

    public Task SummedAsync(Export export, ArchivePart part)
    {
        Log.Summed(log, export.Id, part.Name, part.Sha256!);
        return audit.RecordAsync(
            AuditActions.ArchiveSummed, Caller.System, CancellationToken.None, export.Id, part.FileCount, part.Bytes,
            detail: $"{part.Name}: sha256 {part.Sha256}");
    }

    /// <summary>The run log first: whoever sees that the export has failed finds the reason there.</summary>
    /// <returns>The reason, as the run log has it; null when the record did not take it.</returns>
    public async Task<string?> FailedAsync(Export export, ExportError error, long doneBytes, Exception exception, Func<Task<bool>> record)
    {
        var reason = texts.ForRunLog(error);
        Log.Failed(log, reason, export.Id, exception);
        if (!await record())
        {
            return null;
        }

        metrics.Failed(error.Code);
        await RecordAsync(AuditActions.ExportFailed, export, Caller.System, doneBytes, "failed", reason);
        await FollowAsync(export.Id);
        return reason;
    }

    public async Task CancelledAsync(Export export, Caller caller)
    {
        metrics.Cancelled();
        Log.Cancelled(log, export.Id);
        await RecordAsync(AuditActions.ExportCancelled, export, caller, export.DoneBytes, "cancelled");
        await FollowAsync(export.Id);
    }

    /// <param name="reason"><c>time-to-live</c>, <c>size-cap</c>, <c>archive-lost</c>, <c>by-hand</c> or <c>delivered</c>.</param>
    public async Task ExpiredAsync(Export export, string reason, long freed)
    {
        metrics.Expired(reason, freed);
        Log.Expired(log, export.Id, reason);
        await RecordAsync(AuditActions.ExportExpired, export, Caller.System, export.ArchiveBytes, detail: reason);
        await FollowAsync(export.Id);
    }

    public Task ArchiveRemovedAsync(Export export, Caller caller) =>
        RecordAsync(AuditActions.ArchiveRemoved, export, caller, export.ArchiveBytes ?? 0);

    public Task DeletedAsync(Export export, Caller caller)
    {
        metrics.Deleted();
        return RecordAsync(AuditActions.ExportDeleted, export, caller);
    }

    private async Task FollowAsync(string exportId)
    {
        foreach (var follower in followers)
        {
            try
            {
                await follower.OnEndedAsync(exportId, CancellationToken.None);
            }
            catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
            {
                Log.NotFollowed(log, exportId, exception.Message);
            }
        }
    }

    // What happened has happened: that the request has ended meanwhile changes nothing.
    private Task RecordAsync(
        string action, Export export, Caller caller, long? bytes = null, string outcome = "ok", string? detail = null) => audit.RecordAsync(
        action, caller, CancellationToken.None, export.Id, export.FileCount, bytes ?? export.TotalBytes, outcome, detail);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "开始打包: {ExportId}, {Files} 个文件, {Bytes} 字节")]
        public static partial void Started(ILogger logger, string exportId, int files, long bytes);

        [LoggerMessage(Level = LogLevel.Information, Message = "打包完成: {ExportId}, {Archive}, {Bytes} 字节, {Seconds:F1} 秒")]
        public static partial void Ready(ILogger logger, string exportId, string archive, long bytes, double seconds);

        [LoggerMessage(Level = LogLevel.Information, Message = "压缩包 SHA-256: {ExportId}, {Archive}, {Sha256}")]
        public static partial void Summed(ILogger logger, string exportId, string archive, string sha256);

        [LoggerMessage(Level = LogLevel.Warning, Message = "压缩包已不是校验过的文件, 重新校验: {ExportId}, {Archive}")]
        public static partial void Distrusted(ILogger logger, string exportId, string archive);

        [LoggerMessage(Level = LogLevel.Information, Message = "重新校验后压缩包完好: {ExportId}, {Archive}")]
        public static partial void Confirmed(ILogger logger, string exportId, string archive);

        [LoggerMessage(Level = LogLevel.Warning, Message = "重新校验后压缩包损坏或丢失, 重新打包: {ExportId}, {Archive}")]
        public static partial void Damaged(ILogger logger, string exportId, string archive);

        [LoggerMessage(Level = LogLevel.Error, Message = "打包失败: {Reason} ({ExportId})")]
        public static partial void Failed(ILogger logger, string reason, string exportId, Exception exception);

        [LoggerMessage(Level = LogLevel.Information, Message = "打包已取消: {ExportId}")]
        public static partial void Cancelled(ILogger logger, string exportId);

        [LoggerMessage(Level = LogLevel.Information, Message = "压缩包到期: {ExportId}, {Reason}")]
        public static partial void Expired(ILogger logger, string exportId, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "任务结束后的上传或通知稍后处理: {ExportId}, {Reason}")]
        public static partial void NotFollowed(ILogger logger, string exportId, string reason);
    }
}
