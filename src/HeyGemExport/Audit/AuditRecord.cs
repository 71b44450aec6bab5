namespace HeyGemExport.Audit;

/// <summary>One line of the audit trail.</summary>
/// <param name="At">When.</param>
/// <param name="Action">For example <c>export-requested</c>; a text with the key <c>Action.&lt;action&gt;</c> exists in each
/// language.</param>
/// <param name="Who">The account, <c>anonymous</c> or <c>system</c>.</param>
/// <param name="From">The remote address.</param>
/// <param name="ExportId">The export concerned.</param>
/// <param name="FileCount">Files concerned.</param>
/// <param name="Bytes">Bytes concerned; for a download, those actually sent.</param>
/// <param name="Outcome"><c>ok</c>, <c>failed</c>, <c>cancelled</c>, <c>partial</c> or <c>complete</c>.</param>
/// <param name="Detail">More, in plain words or figures.</param>
internal sealed record AuditRecord(
    DateTimeOffset At,
    string Action,
    string Who,
    string From,
    string? ExportId = null,
    int? FileCount = null,
    long? Bytes = null,
    string Outcome = "ok",
    string? Detail = null)
{
    // For Dapper, which then sets the properties.
    private AuditRecord()
        : this(default, "", "", "")
    {
    }
}

/// <summary>A filter over the audit trail.</summary>
/// <param name="From">The earliest time, included.</param>
/// <param name="To">The latest time, excluded.</param>
/// <param name="Action">One action.</param>
/// <param name="Page">From 1.</param>
/// <param name="PageSize">1 to 1000.</param>
internal sealed record AuditQuery(
    DateTimeOffset? From = null, DateTimeOffset? To = null, string? Action = null, int Page = 1, int PageSize = 100);

/// <summary>One page of the audit trail, newest first.</summary>
internal sealed record AuditPage(IReadOnlyList<AuditRecord> Items, int Total, int Page, int PageSize);
