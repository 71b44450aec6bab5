using Microsoft.AspNetCore.Identity;

namespace HeyGemExport.Accounts.Schemes;

/// <summary>The ways in which a request says whose it is.</summary>
internal static class AccountSchemes
{
    /// <summary>Chooses one of the others for each request.</summary>
    public const string Any = "any";

    /// <summary>Everybody, in the mode <c>open</c>.</summary>
    public const string Open = "open";

    /// <summary>A header of a trusted proxy, in the mode <c>proxy</c>.</summary>
    public const string Proxy = "proxy";

    /// <summary>An API key, in every mode.</summary>
    public const string Key = "key";

    /// <summary>The cookie of a session, in the mode <c>accounts</c>.</summary>
    public static readonly string Session = IdentityConstants.ApplicationScheme;

    private const string Bearer = "Bearer ";

    /// <summary>The bearer token of a request, or null.</summary>
    public static string? BearerToken(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;
    }

    /// <summary>The scheme that decides about a request. A key never falls back to a cookie: a request that brings one is judged by it.</summary>
    internal static string Choose(HttpContext context)
    {
        if (BearerToken(context.Request) is not null)
        {
            return Key;
        }

        return context.RequestServices.GetRequiredService<ActiveMode>().Mode switch
        {
            AccountsMode.Open => Open,
            AccountsMode.Proxy => Proxy,
            _ => Session,
        };
    }
}
