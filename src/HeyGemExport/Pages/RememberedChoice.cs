using System.Security.Cryptography;
using System.Text;
using HeyGemExport.Accounts;

namespace HeyGemExport.Pages;

internal static class RememberedChoice
{
    /// <summary>Keeps what was chosen about the pages in the browser, for a year.</summary>
    public static void Remember(this HttpContext context, string name, string value) =>
        context.Response.Cookies.Append(name, value, new CookieOptions
        {
            HttpOnly = true,
            IsEssential = true,
            MaxAge = TimeSpan.FromDays(365),
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
        });

    /// <summary>The same for the person who is signed in, apart from others who use the same browser.</summary>
    public static void RememberOwn(this HttpContext context, string name, string value) => context.Remember(OwnName(context, name), value);

    public static string? RecallOwn(this HttpContext context, string name) => context.Request.Cookies[OwnName(context, name)];

    private static string OwnName(HttpContext context, string name)
    {
        const int Bytes = 6;
        var who = Caller.Of(context).Who;
        return who is Caller.Anonymous
            ? name
            : $"{name}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(who)).AsSpan(0, Bytes))}";
    }
}
