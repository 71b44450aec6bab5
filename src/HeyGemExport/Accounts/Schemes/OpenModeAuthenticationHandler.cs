using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;

namespace HeyGemExport.Accounts.Schemes;

/// <summary>In the mode <c>open</c> everybody is <see cref="Caller.Anonymous"/> and may do everything; but not through a proxy, which opens
/// to a network what was meant for this machine (a way around Hangfire's local-only filter), unless <c>Accounts:AllowOpenOnNetwork</c> is
/// set.</summary>
/// <remarks><c>docs/decisions/0016-open-on-this-machine.md</c> says why it looks at these.</remarks>
internal sealed class OpenModeAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IOptions<AccountsOptions> accounts)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
        !accounts.Value.AllowOpenOnNetwork && CameThroughProxy()
            ? AuthenticateResult.NoResult()
            : AuthenticateResult.Success(
                new(new ClaimsPrincipal(AccountClaims.CreateIdentity(AccountSchemes.Open, Caller.Anonymous, Roles.Admin)), Scheme.Name)));

    private bool CameThroughProxy() =>
        OriginalConnection.Of(Context).WasForwarded

        // nginx speaks HTTP/1.0 to what is behind it unless it is told otherwise; no browser has done so for twenty years.
        || HttpProtocol.IsHttp10(Request.Protocol) || HttpProtocol.IsHttp09(Request.Protocol)
        || IsUnderAnotherName()
        || LoopbackPeer.IsService(Context);

    /// <summary>Whether a page that the browser has under another name asks: that of the proxy. On this machine's own browsers say how
    /// they came here by <c>Sec-Fetch-Site</c>.</summary>
    private bool IsUnderAnotherName() =>
        !Request.Headers.ContainsKey("Sec-Fetch-Site")
        && new[] { Request.Headers.Origin.ToString(), Request.Headers.Referer.ToString() }.Any(from =>
            Uri.TryCreate(from, UriKind.Absolute, out var page)
            && !string.Equals(page.Authority, Request.Host.Value, StringComparison.OrdinalIgnoreCase));
}
