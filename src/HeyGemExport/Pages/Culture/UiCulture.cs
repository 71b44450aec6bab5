using Microsoft.AspNetCore.Localization;
using Microsoft.Net.Http.Headers;

namespace HeyGemExport.Pages.Culture;

/// <summary>The language of a request: that of its cookie, else the first supported one in <c>Accept-Language</c>, else English.</summary>
internal sealed class UiCulture : RequestCultureProvider
{
    public const string CookieName = "heygem.language";
    public const string English = "en";

    /// <summary>Used for every language tag that begins with <c>zh</c>.</summary>
    public const string Chinese = "zh-CN";

    public static IReadOnlyList<CultureInfo> Supported { get; } =
        [CultureInfo.GetCultureInfo(English), CultureInfo.GetCultureInfo(Chinese)];

    public static bool IsChinese => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName is "zh";

    public override Task<ProviderCultureResult?> DetermineProviderCultureResult(HttpContext httpContext)
    {
        var name = Match(httpContext.Request.Cookies[CookieName]) ?? Preferred(httpContext.Request) ?? English;
        return Task.FromResult<ProviderCultureResult?>(new ProviderCultureResult(name));
    }

    /// <summary>Null if it is neither English nor Chinese.</summary>
    public static string? Match(string? tag) => tag?.Split('-', '_')[0].ToLowerInvariant() switch
    {
        "zh" => Chinese,
        "en" => English,
        _ => null,
    };

    private static string? Preferred(HttpRequest request) =>
        request.GetTypedHeaders().AcceptLanguage
            .Where(value => value.Quality is not 0)
            .OrderByDescending(value => value, StringWithQualityHeaderValueComparer.QualityComparer)
            .Select(value => Match(value.Value.Value))
            .FirstOrDefault(name => name is not null);
}
