using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Downloads;
using HeyGemExport.Exports.Retention;
using Microsoft.AspNetCore.Identity;

namespace HeyGemExport.Shares;

/// <summary>Whoever may see an export may share it.</summary>
internal sealed class ShareLinks(
    ShareLinkStore store, ExportService exports, ExportFiles files, RetentionHolds holds, IPasswordHasher<ShareLink> hasher,
    AuditTrail audit, ShareMetrics metrics, IOptions<ShareOptions> options, TimeProvider time)
{
    /// <summary>The archive is kept until the link expires, within the size cap.</summary>
    public async Task<ShareResult> CreateAsync(string exportId, ShareRequest request, Caller caller, CancellationToken cancellationToken)
    {
        if (await exports.FindAsync(exportId, caller, cancellationToken) is not { } export)
        {
            return new ShareResult.NotFound();
        }

        if (ErrorOf(request, export) is { } error)
        {
            return new ShareResult.Refused(error);
        }

        var (link, token) = (New(exportId, request, caller), ShareToken.Create());
        if (!await holds.HoldAsync(exportId, Holder(link), link.ExpiresAt, cancellationToken))
        {
            return new ShareResult.Refused("not-ready");
        }

        await store.InsertAsync(link, token.Hash, cancellationToken);
        metrics.Created();
        var (password, downloads) = (link.PasswordHash is null ? "no" : "yes", (object?)link.MaxDownloads ?? "unlimited");
        var detail = FormattableString.Invariant(
            $"share {link.Id}; until {link.ExpiresAt:yyyy-MM-ddTHH:mmZ}; password {password}; downloads {downloads}");
        await audit.RecordAsync(AuditActions.ShareCreated, caller, cancellationToken, exportId, detail: detail);
        return new ShareResult.Created(link, token);
    }

    /// <summary>Those that the caller made, and for operators all; null when the caller may not see the export.</summary>
    public async Task<IReadOnlyList<ShareLink>?> ListAsync(string exportId, Caller caller, CancellationToken cancellationToken) =>
        await exports.FindAsync(exportId, caller, cancellationToken) is null
            ? null
            :
            [
                .. (await store.OfExportAsync(exportId, cancellationToken)).Where(link =>
                    caller.SeesAllExports || string.Equals(link.CreatedBy, caller.Who, StringComparison.Ordinal)),
            ];

    /// <returns>False when there is no such link of the caller's.</returns>
    public async Task<bool> RevokeAsync(string exportId, string shareId, Caller caller, CancellationToken cancellationToken)
    {
        var links = await ListAsync(exportId, caller, cancellationToken);
        if (links?.FirstOrDefault(link => string.Equals(link.Id, shareId, StringComparison.Ordinal)) is not { } link)
        {
            return false;
        }

        if (await store.RevokeAsync(link.Id, cancellationToken))
        {
            await holds.ReleaseAsync(exportId, Holder(link), cancellationToken);
            metrics.Revoked();
            await audit.RecordAsync(AuditActions.ShareRevoked, caller, cancellationToken, exportId, detail: $"share {link.Id}");
        }

        return true;
    }

    /// <summary>Null when the export's record is gone.</summary>
    public async Task<ShareContents?> ReadAsync(ShareLink link, CancellationToken cancellationToken) =>
        await exports.FindAsync(link.ExportId, cancellationToken) is { } export
            ? new ShareContents(export, export.State == ExportState.Ready && export.Parts.All(part => part.IsHere))
            : null;

    public async Task<IReadOnlyList<SharedFile>> FilesAsync(Export export, CancellationToken cancellationToken) =>
    [
        .. (await files.ListAsync(export, cancellationToken)).Select(
            (file, index) => new SharedFile(index + 1, file.Entry.EntryName, file.Entry.Bytes)),
    ];

    private static string? Written(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string Holder(ShareLink link) => Caller.SharePrefix + link.Id;

    private string? ErrorOf(ShareRequest request, Export export) => request switch
    {
        _ when !options.Value.Enabled => "sharing-off",
        _ when export.State != ExportState.Ready => "not-ready",
        { Days: { } days } when days < 1 || days > options.Value.MaxDays => "bad-days",
        { Password.Length: > 0 and < ShareRequest.MinPasswordLength or > ShareRequest.MaxPasswordLength } => "bad-password",
        { MaxDownloads: < 1 or > ShareRequest.MostDownloads } => "bad-downloads",
        { Title.Length: > ShareRequest.MaxNameLength } or { Sender.Length: > ShareRequest.MaxNameLength } => "bad-title",
        _ => null,
    };

    private ShareLink New(string exportId, ShareRequest request, Caller caller)
    {
        var now = time.GetUtcNow();
        var link = new ShareLink
        {
            Id = ShortId.Create(),
            ExportId = exportId,
            CreatedBy = caller.Who,
            CreatedAt = now,
            ExpiresAt = now.AddDays(request.Days ?? options.Value.DefaultDays),
            MaxDownloads = request.MaxDownloads,
            Title = Written(request.Title),
            Sender = Written(request.Sender),
        };
        return request.Password is { Length: > 0 } password ? link with { PasswordHash = hasher.HashPassword(link, password) } : link;
    }
}
