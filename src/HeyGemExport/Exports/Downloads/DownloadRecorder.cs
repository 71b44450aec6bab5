using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Data;

namespace HeyGemExport.Exports.Downloads;

/// <summary>What one request really sent.</summary>
/// <param name="From">The first byte of the archive that was asked for.</param>
/// <param name="Count">Bytes that left.</param>
/// <param name="Status">The response's status.</param>
internal sealed record SentBytes(long From, long Count, int Status);

/// <summary>
/// Records requests for archives: in the ledger, in the audit trail, and as a use that begins the archive's time to live anew.
/// A database that does not answer keeps nobody from an archive.
/// </summary>
internal sealed partial class DownloadRecorder(
    ExportTransitions transitions, DownloadLedger ledger, AuditTrail audit, ExportMetrics metrics, TimeProvider time, ILogger<DownloadRecorder> log)
{
    /// <summary>Before the first byte.</summary>
    /// <returns>The download that the request belongs to; null when it could not be recorded.</returns>
    public async Task<Download?> BeginAsync(Export export, ArchivePart part, Caller caller, CancellationToken cancellationToken)
    {
        metrics.DownloadStarted();
        try
        {
            await transitions.TouchAsync(export.Id, cancellationToken);
            var download = await ledger.BeginAsync(export, part, caller, cancellationToken);
            await audit.RecordAsync(
                new AuditRecord(time.GetUtcNow(), AuditActions.DownloadStarted, caller.Who, caller.From, export.Id, part.FileCount, part.Bytes, Detail: $"download {download.Id}; {part.Name}"),
                cancellationToken);
            return download;
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            Log.NotRecorded(log, export.Id, exception.Message);
            return null;
        }
    }

    /// <summary>After the last byte, also of a request that broke off.</summary>
    public async Task EndAsync(Export export, ArchivePart part, Caller caller, Download? download, SentBytes sent)
    {
        try
        {
            await transitions.TouchAsync(export.Id, CancellationToken.None);
            download = await ledger.AddAsync(export, part, caller, sent.From, sent.Count, CancellationToken.None);
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            Log.NotRecorded(log, export.Id, exception.Message);
        }

        metrics.DownloadFinished(sent.Count, download is { Complete: true });
        await audit.RecordAsync(
            new AuditRecord(
                time.GetUtcNow(), AuditActions.DownloadFinished, caller.Who, caller.From, export.Id, part.FileCount, sent.Count,
                download is { Complete: true } ? "complete" : "partial", Describe(download, sent)),
            CancellationToken.None);
    }

    private static string Describe(Download? download, SentBytes sent)
    {
        var range = sent.Count > 0 ? $"bytes {sent.From}-{sent.From + sent.Count - 1}; " : "";
        return $"{range}download {download?.Id ?? "?"}; status {sent.Status}; {download?.SentBytes ?? 0} bytes of the archive sent so far";
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The download of export {ExportId} could not be recorded: {Reason}")]
        public static partial void NotRecorded(ILogger logger, string exportId, string reason);
    }
}
