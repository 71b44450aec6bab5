using HeyGemExport.Accounts.Users;
using HeyGemExport.Data;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;

namespace HeyGemExport.Accounts.Schemes;

internal static class SessionCookie
{
    public const string CookieName = "heygem.session";

    public static void Configure(CookieAuthenticationOptions options, IOptions<AccountsOptions> accounts)
    {
        options.Cookie.Name = CookieName;
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;
        options.Cookie.IsEssential = true;

        // Lax: links from a chat keep the session. Unsafe requests are checked further, see SameSite.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.CookieManager = new HostPrefixCookies();
        options.ExpireTimeSpan = TimeSpan.FromHours(accounts.Value.SessionHours);
        options.SlidingExpiration = true;
        options.Events.OnValidatePrincipal = ValidateAsync;
    }

    /// <summary>Every request asks the database: a reset password, a disabled user and a changed role take effect at once.</summary>
    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        var identity = services.GetRequiredService<SignInManager<User>>();
        try
        {
            if (!await services.GetRequiredService<Sessions>().IsOverAsync(context.Properties, context.HttpContext.RequestAborted)
                && await identity.ValidateSecurityStampAsync(context.Principal) is { Disabled: false } user)
            {
                context.ReplacePrincipal(await identity.CreateUserPrincipalAsync(user));
                return;
            }

            context.RejectPrincipal();
            await identity.SignOutAsync();
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception)
            && context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            // What needs no account, above all the error page, does not need the database either.
            context.RejectPrincipal();
        }
    }

    /// <summary><c>__Host-</c> over TLS, so that no other host of the domain can set the cookie (RFC 6265bis, 4.1.3.2).</summary>
    private sealed class HostPrefixCookies : ICookieManager
    {
        private readonly ChunkingCookieManager cookies = new();

        public string? GetRequestCookie(HttpContext context, string key) => cookies.GetRequestCookie(context, Named(context, key));

        public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
            cookies.AppendResponseCookie(context, Named(context, key), value, options);

        public void DeleteCookie(HttpContext context, string key, CookieOptions options) =>
            cookies.DeleteCookie(context, Named(context, key), options);

        private static string Named(HttpContext context, string key) => context.Request.IsHttps ? "__Host-" + key : key;
    }
}
