using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Data;

namespace HeyGemExport.Exports.Downloads;

/// <param name="From">The first requested byte of the archive.</param>
/// <param name="HandedOver">They were left to the proxy to send; how many of them arrived is not known.</param>
internal sealed record SentBytes(long From, long Count, int Status, bool HandedOver = false);

/// <summary>Records requests for archives: in the ledger, in the audit trail, and as a use that renews the archive's time to live. The
/// database being unavailable does not stop a download.</summary>
internal sealed partial class DownloadRecorder(
    ExportTransitions transitions,
    DownloadLedger ledger,
    AuditTrail audit,
    ExportMetrics metrics,
    ILogger<DownloadRecorder> log)
{
    /// <returns>The download that the request belongs to; null if it could not be recorded.</returns>
    public async Task<Download?> BeginAsync(Export export, ArchivePart part, Caller caller, CancellationToken cancellationToken)
    {
        metrics.DownloadStarted();
        try
        {
            await transitions.TouchAsync(export.Id, cancellationToken);
            var download = await ledger.BeginAsync(export, part, caller, cancellationToken);
            var detail = $"download {download.Id}; {part.Name}";
            await audit.RecordAsync(
                AuditActions.DownloadStarted, caller, cancellationToken, export.Id, part.FileCount, part.Bytes, detail: detail);
            return download;
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            Log.NotRecorded(log, export.Id, exception.Message);
            return null;
        }
    }

    public async Task EndAsync(Export export, ArchivePart part, Caller caller, Download? download, SentBytes sent)
    {
        try
        {
            await transitions.TouchAsync(export.Id, CancellationToken.None);
            download = await ledger.AddAsync(export, part, caller, sent.From, sent.HandedOver ? 0 : sent.Count, CancellationToken.None);
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            Log.NotRecorded(log, export.Id, exception.Message);
        }

        var outcome = sent.HandedOver ? "handed-over" : download is { Complete: true } ? "complete" : "partial";
        long? bytes = sent.HandedOver ? null : sent.Count;
        metrics.DownloadFinished(bytes ?? 0, outcome);
        await audit.RecordAsync(
            AuditActions.DownloadFinished, caller, CancellationToken.None, export.Id, part.FileCount, bytes, outcome,
            Describe(download, sent));
    }

    private static string Describe(Download? download, SentBytes sent)
    {
        var handedOver = sent.HandedOver ? " handed over to the proxy" : "";
        var range = sent.Count > 0 ? $"bytes {sent.From}-{sent.From + sent.Count - 1}{handedOver}; " : "";
        return $"{range}download {download?.Id ?? "?"}; status {sent.Status}; {download?.SentBytes ?? 0} bytes of the archive sent so far";
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "打包任务 {ExportId} 的下载未能记录：{Reason}")]
        public static partial void NotRecorded(ILogger logger, string exportId, string reason);
    }
}
