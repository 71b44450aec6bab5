using System.Security.Cryptography;
using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;

namespace HeyGemExport.Shares;

internal enum ShareEntry
{
    /// <summary>Unknown, expired or revoked, or sharing is off; the visitor is not told which.</summary>
    Unknown,

    TooOften,

    Locked,

    Open,
}

/// <summary>Refusals are audited by the link's id; a token is written nowhere.</summary>
internal sealed class ShareAccess(
    ShareLinkStore store, ShareLimits limits, IPasswordHasher<ShareLink> hasher, IDataProtectionProvider protection, AuditTrail audit,
    ShareMetrics metrics, IOptions<ShareOptions> options, TimeProvider time)
{
    private const string CookiePrefix = "heygem.share.";

    private static readonly TimeSpan TicketLifetime = TimeSpan.FromHours(12);

    private readonly ITimeLimitedDataProtector tickets = protection.CreateProtector("HeyGemExport.Shares").ToTimeLimitedDataProtector();

    /// <summary>The link is null when the entry is unknown or too often.</summary>
    public async Task<(ShareEntry Entry, ShareLink? Link)> EnterAsync(
        string? text, HttpContext context, CancellationToken cancellationToken)
    {
        var address = ClientAddress.Text(context.Connection.RemoteIpAddress);
        if (!await limits.MayAskAsync(address, cancellationToken))
        {
            metrics.Refused("too-often");
            return (ShareEntry.TooOften, null);
        }

        var now = time.GetUtcNow();
        var link = ShareToken.Read(text) is { } token ? await store.FindAsync(token.Hash, cancellationToken) : null;
        if (link?.Opens(now) == true && options.Value.Enabled)
        {
            return (link.PasswordHash is null || HasTicket(link, context.Request) ? ShareEntry.Open : ShareEntry.Locked, link);
        }

        await limits.MissAsync(address, cancellationToken);
        var reason = link is null ? "unknown" : options.Value.Enabled ? link.StateAt(now).ToString().ToLowerInvariant() : "sharing-off";
        await RefuseAsync(link?.Visitor(context) ?? new Caller(Caller.Anonymous, address), link, reason, cancellationToken);
        return (ShareEntry.Unknown, null);
    }

    /// <summary>The right one is remembered in a cookie.</summary>
    /// <returns>Whether it was right; null when too many have been tried.</returns>
    public async Task<bool?> UnlockAsync(ShareLink link, string? password, HttpContext context, CancellationToken cancellationToken)
    {
        var visitor = link.Visitor(context);
        if (!await limits.MayTryPasswordAsync(visitor.From, link.Id, cancellationToken))
        {
            metrics.Refused("too-often");
            return null;
        }

        var given = password is { Length: <= ShareRequest.MaxPasswordLength } ? password : "";
        if (link.PasswordHash is null || hasher.VerifyHashedPassword(link, link.PasswordHash, given) == PasswordVerificationResult.Failed)
        {
            await RefuseAsync(visitor, link, "wrong-password", cancellationToken);
            return false;
        }

        context.Response.Cookies.Append(CookiePrefix + link.Id, tickets.Protect(link.Id, TicketLifetime), new CookieOptions
        {
            Path = context.Request.PathBase + ShareEndpoints.Path,
            HttpOnly = true,
            IsEssential = true,

            // Lax: the link is followed from a chat or a mail.
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
        });
        return true;
    }

    public Task OpenedAsync(ShareLink link, HttpContext context, CancellationToken cancellationToken)
    {
        metrics.Opened();
        return audit.RecordAsync(AuditActions.ShareOpened, link.Visitor(context), cancellationToken, link.ExportId);
    }

    /// <summary>Whether what runs through a link may go on; also while the database cannot tell.</summary>
    public async Task<bool> IsLiveAsync(ShareLink link, CancellationToken cancellationToken)
    {
        try
        {
            return await store.IsLiveAsync(link.Id, cancellationToken);
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            return true;
        }
    }

    private bool HasTicket(ShareLink link, HttpRequest request)
    {
        try
        {
            return request.Cookies[CookiePrefix + link.Id] is { } ticket
                && string.Equals(tickets.Unprotect(ticket), link.Id, StringComparison.Ordinal);
        }
        catch (CryptographicException)
        {
            // Expired, protected with other keys, or made up.
            return false;
        }
    }

    private Task RefuseAsync(Caller caller, ShareLink? link, string reason, CancellationToken cancellationToken)
    {
        metrics.Refused(reason);
        return audit.RecordAsync(AuditActions.ShareRefused, caller, cancellationToken, link?.ExportId, outcome: "failed", detail: reason);
    }
}
