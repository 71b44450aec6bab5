using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages;

/// <summary>Whether pages are light or dark, as a cookie remembers it; by default as the person's system is.</summary>
internal static class ThemeSwitch
{
    public const string System = "system";
    public const string Light = "light";
    public const string Dark = "dark";

    private const string CookieName = "heygem.theme";

    public static IReadOnlyList<string> Themes { get; } = [System, Light, Dark];

    public static string Of(HttpRequest request) => Match(request.Cookies[CookieName]);

    public static string Href(IUrlHelper urls, string theme, string returnUrl) =>
        urls.Content($"~/theme?as={theme}&returnUrl={Uri.EscapeDataString(returnUrl)}");

    /// <summary>An unknown theme is that of the system; an address outside the app leads to the library.</summary>
    public static void MapThemeSwitch(this IEndpointRouteBuilder app) =>
        app.MapGet("/theme", Switch).ExcludeFromDescription().AllowAnonymous();

    private static string Match(string? theme) => theme is Light or Dark ? theme : System;

    private static RedirectHttpResult Switch(HttpContext context, string? @as, string? returnUrl)
    {
        context.Remember(CookieName, Match(@as));
        return TypedResults.LocalRedirect(LocalAddress.Of(returnUrl));
    }
}
