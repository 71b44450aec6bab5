using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;

namespace HeyGemExport.Accounts.Schemes;

/// <summary>In the mode <c>open</c> everybody is <see cref="Caller.Anonymous"/> and may do everything; but not through a proxy, which opens
/// to a network what was meant for this machine (a way around Hangfire's local-only filter), unless <c>Accounts:AllowOpenOnNetwork</c> is
/// set.</summary>
internal sealed class OpenModeAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IOptions<AccountsOptions> accounts)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
        OriginalConnection.Of(Context).WasForwarded && !accounts.Value.AllowOpenOnNetwork
            ? AuthenticateResult.NoResult()
            : AuthenticateResult.Success(
                new(new ClaimsPrincipal(AccountClaims.CreateIdentity(AccountSchemes.Open, Caller.Anonymous, Roles.Admin)), Scheme.Name)));
}
