using Microsoft.AspNetCore.Http.HttpResults;

namespace HeyGemExport.Pages.Culture;

internal static class LanguageSwitch
{
    /// <summary>An unknown culture changes nothing; an address outside the app leads to the library.</summary>
    public static void MapLanguageSwitch(this IEndpointRouteBuilder app) =>
        app.MapGet("/language", Switch).ExcludeFromDescription().AllowAnonymous();

    private static RedirectHttpResult Switch(HttpContext context, string? culture, string? returnUrl)
    {
        if (UiCulture.Match(culture) is { } name)
        {
            context.Remember(UiCulture.CookieName, name);
        }

        return TypedResults.LocalRedirect(LocalAddress.Of(returnUrl));
    }
}
