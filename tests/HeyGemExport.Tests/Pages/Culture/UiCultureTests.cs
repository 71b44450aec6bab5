using System.Globalization;
using HeyGemExport.Pages.Culture;
using Microsoft.AspNetCore.Http;

namespace HeyGemExport.Tests.Pages.Culture;

/// <summary>Which language a request gets.</summary>
public sealed class UiCultureTests
{
    [Theory]
    [InlineData(null, "en")]
    [InlineData("", "en")]
    [InlineData("zh", "zh-CN")]
    [InlineData("zh-TW,zh;q=0.9", "zh-CN")]
    [InlineData("zh-Hans-CN", "zh-CN")]
    [InlineData("de-DE,de;q=0.9,zh;q=0.5,en;q=0.4", "zh-CN")]
    [InlineData("en-US,en;q=0.9,zh-CN;q=0.8", "en")]
    [InlineData("fr", "en")]
    [InlineData("zha", "en")]
    [InlineData("*", "en")]
    [InlineData("zh;q=0", "en")]
    [InlineData("not a; header,,", "en")]
    public async Task The_first_language_in_common_wins(string? acceptLanguage, string expected) =>
        Assert.Equal(expected, await CultureOf(acceptLanguage));

    [Fact]
    public async Task The_choice_of_the_person_beats_the_browser() =>
        Assert.Equal("en", await CultureOf("zh-CN", cookie: "en"));

    [Fact]
    public async Task A_cookie_that_names_no_language_is_ignored() =>
        Assert.Equal("zh-CN", await CultureOf("zh-CN", cookie: "../../x"));

    [Fact]
    public void Every_language_can_be_chosen() =>
        Assert.Equal(
            UiCulture.Supported, UiCulture.Supported.Select(culture => CultureInfo.GetCultureInfo(UiCulture.Match(culture.Name)!)));

    private static async Task<string> CultureOf(string? acceptLanguage, string? cookie = null)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.AcceptLanguage = acceptLanguage;
        if (cookie is not null)
        {
            context.Request.Headers.Cookie = $"{UiCulture.CookieName}={Uri.EscapeDataString(cookie)}";
        }

        var result = await new UiCulture().DetermineProviderCultureResult(context);
        return Assert.Single(result!.UICultures).Value!;
    }
}
