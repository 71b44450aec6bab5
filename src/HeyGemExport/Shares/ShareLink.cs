using HeyGemExport.Accounts;
using HeyGemExport.Exports;

namespace HeyGemExport.Shares;

internal record ShareLink
{
    /// <summary>What log and audit call it; opens nothing.</summary>
    public required string Id { get; init; }
    public required string ExportId { get; init; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What its page is called, and who shares, as the creator wrote it; null for nothing.</summary>
    public string? Title { get; init; }
    public string? Sender { get; init; }

    /// <summary>Null: no password.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>How often each archive may be downloaded; null: no limit.</summary>
    public int? MaxDownloads { get; init; }

    /// <summary>How often it was: of a set, the archive that was downloaded most.</summary>
    public int Downloads { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; init; }

    public ShareState StateAt(DateTimeOffset now) => (RevokedAt, now < ExpiresAt) switch
    {
        (not null, _) => ShareState.Revoked,
        (_, false) => ShareState.Expired,
        _ => MaxDownloads <= Downloads ? ShareState.UsedUp : ShareState.Live,
    };

    /// <summary>Whether its page is shown.</summary>
    public bool Opens(DateTimeOffset now) => StateAt(now) is ShareState.Live or ShareState.UsedUp;

    /// <summary>Whoever comes by it, as the download ledger and the audit trail name them.</summary>
    public Caller Visitor(HttpContext context) =>
        new(Caller.SharePrefix + Id, ClientAddress.Text(context.Connection.RemoteIpAddress)) { SeesAllExports = true };
}

internal enum ShareState
{
    Live,

    /// <summary>The page is shown, but no download may begin; those that have begun may be resumed.</summary>
    UsedUp,

    Expired,
    Revoked,
}

/// <summary>The settings of a new link; null for the default lifetime, no password, no limit of downloads of each archive, no title and no
/// sender on its page.</summary>
internal sealed record ShareRequest(
    int? Days = null, string? Password = null, int? MaxDownloads = null, string? Title = null, string? Sender = null)
{
    /// <summary>Characters of title and sender.</summary>
    public const int MaxNameLength = 100;

    /// <summary>Short, because the link's address is the first secret.</summary>
    public const int MinPasswordLength = 6;

    public const int MaxPasswordLength = 256;
    public const int MostDownloads = 1_000_000;

    // Keeps the password out of ToString, and with it out of logs.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Days = ").Append(Days).Append(", MaxDownloads = ").Append(MaxDownloads);
        return true;
    }
}

internal abstract record ShareResult
{
    public sealed record Created(ShareLink Link, ShareToken Token) : ShareResult;

    /// <param name="Code">Stable; a text <c>Share.Refused.&lt;code&gt;</c> exists in each language.</param>
    public sealed record Refused(string Code) : ShareResult;

    public sealed record NotFound : ShareResult;
}

internal sealed record LiveShare : ShareLink
{
    public required string ArchiveName { get; init; }

    /// <summary>Whether its archive has not been removed.</summary>
    public required bool IsThere { get; init; }
}

internal sealed record LiveShares(IReadOnlyList<LiveShare> Items, int Total);

/// <summary>What a link opens, and whether its archives can be downloaded.</summary>
internal sealed record ShareContents(Export Export, bool IsThere);

/// <param name="Number">As <see cref="HeyGemExport.Exports.Downloads.ExportFiles"/> counts.</param>
/// <param name="Name">In the archive.</param>
internal sealed record SharedFile(int Number, string Name, long Bytes);

internal sealed class ShareTexts;
