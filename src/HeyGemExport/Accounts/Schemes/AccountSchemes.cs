using Microsoft.AspNetCore.Identity;

namespace HeyGemExport.Accounts.Schemes;

internal static class AccountSchemes
{
    public const string Any = "any";

    /// <summary>Everybody, in the mode <c>open</c>.</summary>
    public const string Open = "open";

    /// <summary>A header of a trusted proxy, in the mode <c>proxy</c>.</summary>
    public const string Proxy = "proxy";

    /// <summary>An API key, in every mode.</summary>
    public const string Key = "key";

    /// <summary>The session cookie, in the mode <c>accounts</c>.</summary>
    public static readonly string Session = IdentityConstants.ApplicationScheme;

    private const string Bearer = "Bearer ";

    public static string? BearerToken(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;
    }

    /// <remarks>Never falls back from a key to a cookie.</remarks>
    internal static string Select(HttpContext context) => BearerToken(context.Request) is not null
        ? Key
        : context.RequestServices.GetRequiredService<ActiveMode>().Mode switch
        {
            AccountsMode.Open => Open,
            AccountsMode.Proxy => Proxy,
            _ => Session,
        };
}
