using System.Security.Cryptography;
using HeyGemExport.Api;

namespace HeyGemExport.Accounts;

/// <summary>Tells browsers apart where nobody signs in: each keeps a random id of its own. It says what a browser has downloaded, and gives
/// no rights.</summary>
internal static class BrowserCookie
{
    private const string Name = "heygem.browser";
    private const int Digits = 32;

    // The most that browsers keep a cookie; each page renews it.
    private static readonly TimeSpan Age = TimeSpan.FromDays(400);

    /// <summary>Null for programs, and for browsers that refuse cookies.</summary>
    public static string? Of(HttpRequest request) =>
        request.Cookies[Name] is { Length: Digits } id && id.All(char.IsAsciiHexDigitLower) ? id : null;

    public static void UseBrowserCookie(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsGet(context.Request.Method) && context.Request.IsForPage() && !context.Request.Headers.ContainsKey("X-Refresh")
            && context.User.Identity is { IsAuthenticated: true, Name: Caller.Anonymous })
        {
            var id = Of(context.Request) ?? RandomNumberGenerator.GetHexString(Digits, lowercase: true);
            context.Response.Cookies.Append(Name, id, new CookieOptions
            {
                HttpOnly = true,
                IsEssential = true,
                MaxAge = Age,
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
            });
        }

        return next(context);
    });
}
