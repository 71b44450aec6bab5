using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Accounts.Schemes;

/// <summary>In the mode <c>proxy</c> believes a header, when the connection comes from a trusted address.</summary>
internal sealed partial class ProxyAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IOptions<AccountsOptions> accounts)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private const int MostNameCharacters = 128;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var proxy = accounts.Value.Proxy;
        var values = Request.Headers[proxy.UserHeader];
        if (values.Count == 0)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var peer = OriginalConnection.Of(Context).Address;
        if (!TrustedAddresses.Read(proxy.TrustedAddresses, out _).Contain(peer))
        {
            Log.NotTrusted(Logger, proxy.UserHeader, ClientAddress.Text(peer));
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        // Twice the header, on two lines or joined by a comma, is a client's beside the proxy's; which is which cannot be told.
        if (values is not [{ } name] || !IsName(name.Trim()))
        {
            Log.NotAName(Logger, proxy.UserHeader);
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var identity = AccountClaims.Identity(AccountSchemes.Proxy, name.Trim(), RoleOf(proxy));
        return Task.FromResult(AuthenticateResult.Success(new(new ClaimsPrincipal(identity), Scheme.Name)));
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MostNameCharacters && !name.Any(letter => char.IsControl(letter) || letter is ',') && !Caller.IsReserved(name);

    private string RoleOf(AccountsOptions.ProxyOptions proxy)
    {
        if (proxy.RolesHeader.Length == 0)
        {
            return proxy.DefaultRole;
        }

        var named = Request.Headers.GetCommaSeparatedValues(proxy.RolesHeader).Select(role => role.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Roles.All.LastOrDefault(named.Contains) ?? proxy.DefaultRole;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Header} came from {Address}, which is not in Accounts:Proxy:TrustedAddresses, and was not believed")]
        public static partial void NotTrusted(ILogger logger, string header, string address);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Header} does not have one name that may be used")]
        public static partial void NotAName(ILogger logger, string header);
    }
}
