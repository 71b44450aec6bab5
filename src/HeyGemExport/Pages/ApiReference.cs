using System.Net;
using System.Security.Cryptography;
using HeyGemExport.Pages.Culture;
using Scalar.AspNetCore;

namespace HeyGemExport.Pages;

/// <summary>The page of the API. Its files come with the package, and nothing is asked of another host
/// (<c>docs/decisions/0017-scalar-for-the-api-page.md</c>).</summary>
internal static class ApiReference
{
    private const string Path = "/docs";

    public static void MapApiReference(this IEndpointRouteBuilder app) => app
        .MapScalarApiReference(Path, Configure)
        .ExcludeFromDescription();

    private static void Configure(ScalarOptions options, HttpContext context)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        context.Response.Headers.ContentSecurityPolicy = SecurityHeaders.PolicyFor(nonce);
        var texts = context.RequestServices.GetRequiredService<IStringLocalizer<PageTexts>>();
        var (root, language) = (context.Request.PathBase, CultureInfo.CurrentUICulture.Name);
        var product = WebUtility.HtmlEncode(texts["Product"]);
        options
            .WithNonce(nonce)
            .WithTitle($"API · {texts["Product"]}")
            .WithFavicon($"{root}/img/gem.svg")
            .WithOpenApiRoutePattern($"{root}/openapi/{{documentName}}.json")
            .WithLocalization(new ScalarLocalizationOptions { Locale = UiCulture.IsChinese ? "zh" : "en" })
            .DisableDefaultFonts()
            .HideClientButton()
            .HideDeveloperTools()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .AddHeadContent(
                $"<script src=\"{root}/js/docs.js\" data-language=\"{language}\"></script>"
                + $"<link rel=\"stylesheet\" href=\"{root}/css/docs.css\">")
            .AddHeaderContent(
                $"<nav class=\"back\" aria-label=\"{WebUtility.HtmlEncode(texts["Nav.Main"])}\"><a href=\"{root}/\">← {product}</a></nav>");
        _ = ThemeSwitch.Of(context.Request) switch
        {
            ThemeSwitch.Light => options.ForceLightMode(),
            ThemeSwitch.Dark => options.ForceDarkMode(),
            _ => options,
        };
    }
}
