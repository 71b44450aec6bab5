using System.Text.Encodings.Web;
using System.Text.Unicode;
using HeyGemExport.Api;
using HeyGemExport.Pages.Audit;
using HeyGemExport.Pages.Culture;
using HeyGemExport.Pages.Library;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.Extensions.WebEncoders;

namespace HeyGemExport.Pages;

internal static class PagesRegistration
{
    /// <summary>The most values of one form: a person who picks videos one by one sends each path.</summary>
    public const int MaxFormValues = 20_000;

    private static readonly string[] PageMethods = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post];

    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddLocalization();
        services.AddSingleton<AuditDetails>();
        services.Configure<RequestLocalizationOptions>(Localize);
        services.AddRazorPages().ConfigureApplicationPartManager(DoNotSearchControllers);
        services.Configure<FormOptions>(options => options.ValueCountLimit = MaxFormValues);
        services.Configure<MvcOptions>(options => options.MaxModelBindingCollectionSize = MaxFormValues);

        // Chinese stays readable in the markup instead of becoming numbers.
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "heygem.antiforgery";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.FormFieldName = "antiforgery";
            options.SuppressXFrameOptionsHeader = true; // frame-ancestors is stricter
        });
        return services;
    }

    public static void UsePages(this IApplicationBuilder app) => app.UseSecurityHeaders().UseRequestLocalization().UseErrorPages();

    public static void MapPages(this IEndpointRouteBuilder app)
    {
        app.MapStaticAssets().AllowAnonymous();
        var switches = app.MapGroup("").WithHead();
        switches.MapLanguageSwitch();
        switches.MapViewSwitch();
        switches.MapThemeSwitch();
        switches.MapApiReference();

        // A page without a handler for a method would answer it as if it had one.
        app.MapRazorPages().WithStaticAssets().Add(page => page.Metadata.Add(new HttpMethodMetadata(PageMethods)));
    }

    // There are none, and looking for them loads every type of the app at start, with the libraries behind it: some 6 MB.
    private static void DoNotSearchControllers(ApplicationPartManager parts)
    {
        foreach (var search in parts.FeatureProviders.OfType<ControllerFeatureProvider>().ToList())
        {
            parts.FeatureProviders.Remove(search);
        }
    }

    private static void Localize(RequestLocalizationOptions options)
    {
        options.DefaultRequestCulture = new RequestCulture(UiCulture.English);
        options.SupportedCultures = [.. UiCulture.Supported];
        options.SupportedUICultures = [.. UiCulture.Supported];
        options.RequestCultureProviders = [new UiCulture()];
        options.ApplyCurrentCultureToResponseHeaders = true;
    }
}
