using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages.Library;

/// <summary>Whether the library is a list or a grid, as a cookie remembers it.</summary>
internal static class ViewSwitch
{
    private const string CookieName = "heygem.view";
    private const string Grid = "grid";
    private const string List = "list";

    public static bool IsGrid(HttpRequest request) => request.HttpContext.RecallOwn(CookieName) is Grid;

    public static string Href(IUrlHelper urls, bool isGrid, string returnUrl) =>
        urls.Content($"~/view?as={(isGrid ? Grid : List)}&returnUrl={Uri.EscapeDataString(urls.Content(returnUrl))}");

    /// <summary>An unknown view is the list; an address outside the app leads to the library.</summary>
    public static void MapViewSwitch(this IEndpointRouteBuilder app) => app.MapGet("/view", Switch).ExcludeFromDescription();

    private static RedirectHttpResult Switch(HttpContext context, string? @as, string? returnUrl)
    {
        context.RememberOwn(CookieName, @as is Grid ? Grid : List);
        return TypedResults.LocalRedirect(LocalAddress.Of(returnUrl));
    }
}
