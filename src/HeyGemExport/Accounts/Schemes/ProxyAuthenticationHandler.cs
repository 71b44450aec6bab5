using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;

namespace HeyGemExport.Accounts.Schemes;

/// <summary>In the mode <c>proxy</c>: the user is named by a header, on connections from a trusted address.</summary>
internal sealed partial class ProxyAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IOptions<AccountsOptions> accounts)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private const int MaxNameLength = 128;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var proxy = accounts.Value.Proxy;
        var values = Request.Headers[proxy.UserHeader];
        if (values.Count == 0)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var peer = OriginalConnection.Of(Context).Address;
        if (!TrustedAddresses.Parse(proxy.TrustedAddresses).Contains(peer))
        {
            Log.NotTrusted(Logger, proxy.UserHeader, ClientAddress.Text(peer));
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        // Two headers, on two lines or joined by a comma, are the client's and the proxy's; which is which cannot be told.
        if (values is not [{ } name] || !IsName(name.Trim()))
        {
            Log.NotAName(Logger, proxy.UserHeader);
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var identity = AccountClaims.CreateIdentity(AccountSchemes.Proxy, name.Trim(), RoleOf(proxy));
        return Task.FromResult(AuthenticateResult.Success(new(new ClaimsPrincipal(identity), Scheme.Name)));
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength && !name.Any(letter => char.IsControl(letter) || letter is ',') && !Caller.IsReserved(name);

    private string RoleOf(AccountsOptions.ProxyOptions proxy)
    {
        if (proxy.RolesHeader.Length == 0)
        {
            return proxy.DefaultRole;
        }

        var named = Request.Headers.GetCommaSeparatedValues(proxy.RolesHeader)
            .Select(role => role.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Roles.All.LastOrDefault(named.Contains) ?? proxy.DefaultRole;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "已忽略来自 {Address} 的 {Header}：该地址不在 Accounts:Proxy:TrustedAddresses 中")]
        public static partial void NotTrusted(ILogger logger, string header, string address);

        [LoggerMessage(Level = LogLevel.Warning, Message = "已忽略 {Header}：其中没有唯一可用的用户名")]
        public static partial void NotAName(ILogger logger, string header);
    }
}
