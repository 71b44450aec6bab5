using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Exports;

namespace HeyGemExport.Uploads;

/// <summary>What happens to uploads: one call writes the run log, the metrics and the audit trail.</summary>
internal sealed partial class UploadEvents(
    AuditTrail audit, UploadMetrics metrics, UploadErrorTexts texts, ILogger<UploadEvents> log)
{
    /// <summary>It was asked for; or, when it had failed, asked for again.</summary>
    public Task RequestedAsync(Upload upload, Caller caller)
    {
        metrics.Requested(upload.Destination);
        var what = upload.Error is { } error ? $"after {error.Code}" : upload.What.ToString().ToLowerInvariant();
        return RecordAsync(AuditActions.UploadRequested, upload, caller, $"{upload.Destination}: {upload.Address}, {what}");
    }

    public Task StartedAsync(Upload upload)
    {
        metrics.Started(upload.Destination);
        Log.Started(log, upload.Id, upload.ExportId, upload.Destination, upload.Objects.Count, upload.TotalBytes);
        return RecordAsync(AuditActions.UploadStarted, upload, upload.TotalBytes, "ok", upload.Address);
    }

    public void RequestRepeated(Upload upload, ExportError error) => Log.RequestRepeated(log, upload.Id, texts.ForRunLog(error));

    public void Arrived(Upload upload, UploadObject item) => metrics.Arrived(upload.Destination, item.Bytes);

    public Task ReadyAsync(Upload upload, TimeSpan elapsed)
    {
        metrics.Ready(upload.Destination, elapsed);
        Log.Ready(log, upload.Id, upload.ExportId, upload.Destination, upload.Objects.Count, upload.TotalBytes);
        return RecordAsync(AuditActions.UploadReady, upload, upload.TotalBytes, "ok", upload.Address);
    }

    /// <inheritdoc cref="ExportEvents.FailedAsync"/>
    public async Task<string?> FailedAsync(
        Upload upload, ExportError error, long doneBytes, Exception? exception, Func<Task<bool>> record)
    {
        var reason = texts.ForRunLog(error);
        Log.Failed(log, reason, upload.Id, upload.ExportId, exception);
        if (!await record())
        {
            return null;
        }

        metrics.Failed(upload.Destination, error.Code);
        await RecordAsync(AuditActions.UploadFailed, upload, doneBytes, "failed", reason);
        return reason;
    }

    public Task CancelledAsync(Upload upload, Caller caller)
    {
        metrics.Cancelled(upload.Destination);
        Log.Cancelled(log, upload.Id);
        return audit.RecordAsync(
            AuditActions.UploadCancelled, caller, CancellationToken.None, upload.ExportId, bytes: upload.DoneBytes,
            outcome: "cancelled", detail: upload.Destination);
    }

    /// <summary>A link to an object was made. The audit trail does not get the link itself: whoever reads it could use it.</summary>
    public Task LinkedAsync(Upload upload, UploadObject item, DateTimeOffset expiresAt, Caller caller) =>
        RecordAsync(AuditActions.UploadLink, upload, caller, $"{ObjectKey.Address(upload.Bucket, item.Key)} until {expiresAt:O}");

    private Task RecordAsync(string action, Upload upload, Caller caller, string detail) =>
        audit.RecordAsync(action, caller, CancellationToken.None, upload.ExportId, detail: detail);

    private Task RecordAsync(string action, Upload upload, long bytes, string outcome, string detail) => audit.RecordAsync(
        action, Caller.System, CancellationToken.None, upload.ExportId, upload.Objects.Count, bytes, outcome,
        $"{upload.Destination}: {detail}");

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "开始上传: {UploadId} ({ExportId}) → {Destination}, {Objects} 个对象, {Bytes} 字节")]
        public static partial void Started(ILogger logger, string uploadId, string exportId, string destination, int objects, long bytes);

        [LoggerMessage(Level = LogLevel.Information, Message = "上传完成: {UploadId} ({ExportId}) → {Destination}, {Objects} 个对象, {Bytes} 字节")]
        public static partial void Ready(ILogger logger, string uploadId, string exportId, string destination, int objects, long bytes);

        [LoggerMessage(Level = LogLevel.Information, Message = "上传已取消: {UploadId}")]
        public static partial void Cancelled(ILogger logger, string uploadId);

        [LoggerMessage(Level = LogLevel.Warning, Message = "上传重试: {UploadId}, {Reason}")]
        public static partial void RequestRepeated(ILogger logger, string uploadId, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "上传失败: {Reason} ({UploadId}, {ExportId})")]
        public static partial void Failed(ILogger logger, string reason, string uploadId, string exportId, Exception? exception);
    }
}
