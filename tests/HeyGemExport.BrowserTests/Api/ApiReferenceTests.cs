namespace HeyGemExport.BrowserTests.Api;

/// <summary>The page of the API.</summary>
public sealed class ApiReferenceTests(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    [BrowserTheory]
    [InlineData(Words.Zh, 1280, ColorScheme.Light)]
    [InlineData(Words.En, 1280, ColorScheme.Dark)]
    [InlineData(Words.En, 390, ColorScheme.Light)]
    public async Task It_is_shown_from_local_files_alone(string locale, int width, ColorScheme scheme)
    {
        var visitor = await VisitAsync(new VisitorOptions(locale, Width: width, Scheme: scheme));
        var asked = new List<string>();
        visitor.Page.Request += (_, request) => asked.Add(request.Url);
        await visitor.GoAsync("/verify");
        await visitor.Page.Locator("footer a[href$='/docs']").ClickAsync();

        await Assertions.Expect(visitor.Page.GetByText("/api/v1/videos").First).ToBeVisibleAsync();
        await visitor.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await visitor.ShowAsync($"docs {locale} {width}");

        var origin = App.ClientOptions.BaseAddress.GetLeftPart(UriPartial.Authority);
        Assert.Contains(asked, address => address.EndsWith("/openapi/v1.json", StringComparison.Ordinal));
        Assert.All(asked, address => Assert.True(
            address.StartsWith(origin, StringComparison.Ordinal) || address.StartsWith("data:", StringComparison.Ordinal), address));
        Assert.Empty(await visitor.Page.ViolationsAsync());
        await visitor.Page.Locator(".back a").ClickAsync();
        await Assertions.Expect(visitor.Heading(visitor.Words.Library)).ToBeVisibleAsync();
    }
}
