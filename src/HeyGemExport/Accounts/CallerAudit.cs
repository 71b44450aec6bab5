using HeyGemExport.Audit;

namespace HeyGemExport.Accounts;

internal static class CallerAudit
{
    public static Task RecordAsync(
        this AuditTrail audit, string action, Caller caller, CancellationToken cancellationToken,
        string? exportId = null, int? fileCount = null, long? bytes = null, string outcome = "ok", string? detail = null) =>
        audit.RecordAsync(
            new AuditRecord(audit.Now, action, caller.Who, caller.From, exportId, fileCount, bytes, outcome, detail), cancellationToken);
}
