using HeyGemExport.Accounts;
using HeyGemExport.Exports;

namespace HeyGemExport.Shares;

/// <summary>A link to a ready export, without its token.</summary>
internal sealed record ShareLink
{
    /// <summary>What log and audit call it; opens nothing.</summary>
    public required string Id { get; init; }

    /// <summary>The export that it leads to.</summary>
    public required string ExportId { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends by itself.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The hash of its password, or null.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>How often each archive may be downloaded, or null.</summary>
    public int? MaxDownloads { get; init; }

    /// <summary>How often it was: of a set, the archive that was taken most.</summary>
    public int Downloads { get; init; }

    /// <summary>When it was revoked.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>When something was last downloaded through it.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>Where it stands at a time.</summary>
    public ShareState StateAt(DateTimeOffset now) => (RevokedAt, now < ExpiresAt) switch
    {
        (not null, _) => ShareState.Revoked,
        (_, false) => ShareState.Expired,
        _ => MaxDownloads <= Downloads ? ShareState.UsedUp : ShareState.Live,
    };

    /// <summary>Whether its page is shown at a time.</summary>
    public bool Opens(DateTimeOffset now) => StateAt(now) is ShareState.Live or ShareState.UsedUp;

    /// <summary>Whoever comes by it, as ledger and audit name them.</summary>
    public Caller Visitor(HttpContext context)
    {
        return new(Caller.SharePrefix + Id, ClientAddress.Text(context.Connection.RemoteIpAddress)) { SeesAllExports = true };
    }
}

/// <summary>Where a link stands.</summary>
internal enum ShareState
{
    /// <summary>It opens its export.</summary>
    Live,

    /// <summary>Its page is shown, its downloads are used up; those that have begun may be resumed.</summary>
    UsedUp,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>Somebody ended it.</summary>
    Revoked,
}

/// <summary>What a link is to be like.</summary>
/// <param name="Days">Days that it lives; null for the default.</param>
/// <param name="Password">A password, or none.</param>
/// <param name="MaxDownloads">How often each archive may be downloaded; null for as often as wanted.</param>
internal sealed record ShareRequest(int? Days = null, string? Password = null, int? MaxDownloads = null)
{
    /// <summary>Characters of a password, at least; the link's address is the first secret.</summary>
    public const int LeastPassword = 6;

    /// <summary>Characters of a password, at most.</summary>
    public const int MostPassword = 256;

    /// <summary>The highest number of downloads that may be set.</summary>
    public const int MostDownloads = 1_000_000;

    // Records print their members otherwise.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Days = ").Append(Days).Append(", MaxDownloads = ").Append(MaxDownloads);
        return true;
    }
}

/// <summary>What became of a request for a link.</summary>
internal abstract record ShareResult
{
    private ShareResult()
    {
    }

    /// <summary>It was made; the token is shown once.</summary>
    public sealed record Created(ShareLink Link, ShareToken Token) : ShareResult;

    /// <summary>It was not made.</summary>
    /// <param name="Code"><c>sharing-off</c>, <c>not-ready</c>, <c>bad-days</c>, <c>bad-password</c> or <c>bad-downloads</c>; a text <c>Share.Refused.&lt;code&gt;</c> exists in each language.</param>
    public sealed record Refused(string Code) : ShareResult;

    /// <summary>There is no such export.</summary>
    public sealed record NotFound : ShareResult;
}

/// <summary>A link that opens something, as ops see it.</summary>
/// <param name="Link">The link; its downloads may be used up.</param>
/// <param name="ArchiveName">The archive that it leads to.</param>
/// <param name="IsThere">Whether that archive has not been removed.</param>
internal sealed record LiveShare(ShareLink Link, string ArchiveName, bool IsThere);

/// <summary>Links that open something.</summary>
/// <param name="Items">The newest first.</param>
/// <param name="Total">How many there are, named or not.</param>
internal sealed record LiveShares(IReadOnlyList<LiveShare> Items, int Total);

/// <summary>What a link's page shows.</summary>
/// <param name="Export">The export.</param>
/// <param name="Files">Names in the archive and lengths, in order.</param>
/// <param name="IsThere">Whether its archives can be downloaded.</param>
internal sealed record ShareContents(Export Export, IReadOnlyList<(string Name, long Bytes)> Files, bool IsThere);
