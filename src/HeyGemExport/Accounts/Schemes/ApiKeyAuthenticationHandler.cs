using System.Security.Claims;
using System.Text.Encodings.Web;
using HeyGemExport.Accounts.Keys;
using Microsoft.AspNetCore.Authentication;

namespace HeyGemExport.Accounts.Schemes;

internal sealed class ApiKeyAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (await keys.AuthenticateAsync(AccountSchemes.BearerToken(Request), Context.RequestAborted) is not { } key)
        {
            return AuthenticateResult.Fail("Unknown, expired or revoked.");
        }

        var identity = AccountClaims.CreateIdentity(AccountSchemes.Key, Caller.KeyPrefix + key.Name, KeyScopes.RoleOf(key.Scopes));
        identity.AddClaims(key.Scopes.Select(scope => new Claim(AccountClaims.Scope, scope)));
        return AuthenticateResult.Success(new(new ClaimsPrincipal(identity), Scheme.Name));
    }
}
