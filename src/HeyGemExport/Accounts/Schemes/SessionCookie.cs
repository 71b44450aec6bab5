using HeyGemExport.Accounts.People;
using HeyGemExport.Data;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Accounts.Schemes;

/// <summary>The cookie of a session, and what is asked of it with every request.</summary>
internal sealed class SessionCookie(IOptions<AccountsOptions> accounts) : IConfigureNamedOptions<CookieAuthenticationOptions>
{
    public const string CookieName = "heygem.session";

    public void Configure(CookieAuthenticationOptions options) => Configure(name: null, options);

    public void Configure(string? name, CookieAuthenticationOptions options)
    {
        if (!string.Equals(name, AccountSchemes.Session, StringComparison.Ordinal))
        {
            return;
        }

        options.Cookie.Name = CookieName;
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;
        options.Cookie.IsEssential = true;

        // Lax: a link from a chat leads a signed-in person to its page. What changes something asks for more, see SameSite.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.CookieManager = new HostPrefixCookies();
        options.ExpireTimeSpan = TimeSpan.FromHours(accounts.Value.SessionHours);
        options.SlidingExpiration = true;
        options.Events.OnValidatePrincipal = ValidateAsync;
    }

    /// <summary>Every request asks the database, so that a reset password, a disabled person and a changed role count at once.</summary>
    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var sessions = context.HttpContext.RequestServices.GetRequiredService<SignInManager<User>>();
        try
        {
            if (await sessions.ValidateSecurityStampAsync(context.Principal) is { Disabled: false } person)
            {
                context.ReplacePrincipal(await sessions.CreateUserPrincipalAsync(person));
                return;
            }

            context.RejectPrincipal();
            await sessions.SignOutAsync();
        }
        catch (Exception fault) when (DatabaseErrors.IsUnavailable(fault) && context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            // What needs no account, the error page first of all, does not need the database either.
            context.RejectPrincipal();
        }
    }
}
