namespace HeyGemExport.Audit;

/// <summary>One line of the audit trail. <c>Who</c> and <c>From</c> are those of a caller; <c>Bytes</c> of a download are those actually
/// sent, and null when a proxy sends them; <c>Outcome</c> is <c>ok</c>, <c>failed</c>, <c>cancelled</c>, <c>partial</c>,
/// <c>complete</c> or <c>handed-over</c>.</summary>
internal sealed record AuditRecord(
    DateTimeOffset At, string Action, string Who, string From,
    string? ExportId = null, int? FileCount = null, long? Bytes = null, string Outcome = "ok", string? Detail = null)
{
    // For Dapper, which then sets the properties.
    private AuditRecord()
        : this(default, "", "", "")
    {
    }
}

/// <summary>From <c>From</c> and before <c>To</c>; pages from 1, of 1 to 1000 lines.</summary>
internal sealed record AuditQuery(
    DateTimeOffset? From = null, DateTimeOffset? To = null, string? Action = null, int Page = 1, int PageSize = 100);

internal sealed record AuditPage(IReadOnlyList<AuditRecord> Items, int Total, int Page, int PageSize);
