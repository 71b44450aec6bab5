using HeyGemExport.Audit;

namespace HeyGemExport.Accounts;

/// <summary>Who is asking, and from where, as the audit trail names them.</summary>
/// <param name="Who">The user name, <c>key:</c> and a key's name, <c>share:</c> and a link's id, or <see cref="Anonymous"/>.</param>
internal sealed record Caller(string Who, string From)
{
    public const string Anonymous = "anonymous";
    public const string KeyPrefix = "key:";
    public const string SharePrefix = "share:";

    public static Caller System { get; } = new("system", "-") { SeesAllExports = true };

    public bool SeesAllExports { get; init; }

    /// <summary>The id of the browser of somebody without a name, see <see cref="BrowserCookie"/>.</summary>
    public string? Browser { get; init; }

    /// <summary>Tells the downloads of people without a name apart: by their browser, or else by their address.</summary>
    public string Device => Browser is null ? From : "browser:" + Browser;

    public static Caller Of(HttpContext context)
    {
        var who = context.User.Identity is { IsAuthenticated: true, Name: { } name } ? name : Anonymous;
        return new(who, ClientAddress.Text(context.Connection.RemoteIpAddress))
        {
            SeesAllExports = context.User.HasRole(Roles.Operator),
            Browser = who is Anonymous ? BrowserCookie.Of(context.Request) : null,
        };
    }

    /// <summary>Such a name has a meaning of its own here, and no user may have it.</summary>
    public static bool IsReserved(string name) =>
        string.Equals(name, Anonymous, StringComparison.OrdinalIgnoreCase)
        || string.Equals(name, System.Who, StringComparison.OrdinalIgnoreCase)
        || name.StartsWith(KeyPrefix, StringComparison.OrdinalIgnoreCase)
        || name.StartsWith(SharePrefix, StringComparison.OrdinalIgnoreCase);
}

internal static class CallerAudit
{
    public static Task RecordAsync(
        this AuditTrail audit, string action, Caller caller, CancellationToken cancellationToken,
        string? exportId = null, int? fileCount = null, long? bytes = null, string outcome = "ok", string? detail = null) =>
        audit.RecordAsync(
            new AuditRecord(audit.Now, action, caller.Who, caller.From, exportId, fileCount, bytes, outcome, detail), cancellationToken);
}
