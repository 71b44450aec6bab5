using Microsoft.AspNetCore.Authentication.Cookies;

namespace HeyGemExport.Accounts.Schemes;

/// <summary><c>__Host-</c> over TLS, so that no other host of the domain can set the cookie (RFC 6265bis, 4.1.3.2).</summary>
internal sealed class HostPrefixCookies : ICookieManager
{
    private readonly ChunkingCookieManager cookies = new();

    public string? GetRequestCookie(HttpContext context, string key) => cookies.GetRequestCookie(context, Named(context, key));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        cookies.AppendResponseCookie(context, Named(context, key), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) =>
        cookies.DeleteCookie(context, Named(context, key), options);

    private static string Named(HttpContext context, string key) => context.Request.IsHttps ? "__Host-" + key : key;
}
