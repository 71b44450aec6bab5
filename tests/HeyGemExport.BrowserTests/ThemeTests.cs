namespace HeyGemExport.BrowserTests;

/// <summary>Light or dark, as the person or their system wants it.</summary>
public sealed class ThemeTests(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    private const string Light = "rgb(245, 246, 243)";
    private const string Dark = "rgb(15, 18, 17)";

    [BrowserTheory]
    [InlineData(true, ColorScheme.Light)]
    [InlineData(false, ColorScheme.Light)]
    [InlineData(true, ColorScheme.Dark)]
    public async Task The_choice_wins_over_the_system_and_can_be_taken_back(bool scripts, ColorScheme scheme)
    {
        var visitor = await VisitLibraryAsync(new VisitorOptions(Words.Zh, scripts, scheme), AddSamples());
        var system = scheme == ColorScheme.Dark ? Dark : Light;
        var other = scheme == ColorScheme.Dark ? Light : Dark;
        Assert.Equal(system, await PageColourAsync(visitor));
        await Assertions.Expect(Themes(visitor, "跟随系统")).ToHaveAttributeAsync("aria-current", "true");

        await visitor.GoAsync("/exports?q=a");
        await ChooseAsync(visitor, scheme == ColorScheme.Dark ? "浅色" : "深色");

        Assert.EndsWith("/exports?q=a", visitor.Page.Url, StringComparison.Ordinal);
        Assert.Equal(other, await PageColourAsync(visitor));
        await visitor.GoAsync("/verify");
        Assert.Equal(other, await PageColourAsync(visitor));
        await visitor.ShowAsync($"theme {scheme}");
        await ChooseAsync(visitor, "跟随系统");
        Assert.Equal(system, await PageColourAsync(visitor));
    }

    [BrowserFact]
    public async Task Who_has_no_account_chooses_on_the_page_of_a_link()
    {
        var visitor = await VisitAsync(Words.En);
        await visitor.GoAsync("/s/nothing-is-here");

        await ChooseAsync(visitor, "Dark");

        Assert.EndsWith("/s/nothing-is-here", visitor.Page.Url, StringComparison.Ordinal);
        Assert.Equal(Dark, await PageColourAsync(visitor));
        await Assertions.Expect(visitor.Page.Locator("meta[name=theme-color]")).ToHaveAttributeAsync("content", "#181c1a");
    }

    [BrowserFact]
    public async Task The_app_can_be_installed_with_pictures_of_its_own()
    {
        var visitor = await VisitAsync(Words.Zh);
        await visitor.GoAsync("/verify");

        var pictures = await visitor.Page.EvaluateAsync<string[]>("""
            async () => {
              const link = document.querySelector('link[rel=manifest]').href;
              const manifest = await (await fetch(link)).json();
              const touch = document.querySelector('link[rel=apple-touch-icon]').href;
              const sources = [...manifest.icons.map((icon) => [icon.src, icon.sizes]), [touch, '180x180']];
              return Promise.all(sources.map(async ([source, sizes]) => {
                const image = new Image();
                image.src = new URL(source, link);
                await image.decode();
                return sizes === 'any' ? 'any' : `${sizes} ${image.naturalWidth}x${image.naturalHeight}`;
              }));
            }
            """);

        Assert.Equal(["any", "192x192 192x192", "512x512 512x512", "512x512 512x512", "180x180 180x180"], pictures);
    }

    private static async Task ChooseAsync(Visitor visitor, string name)
    {
        await Themes(visitor, name).ClickAsync();
        await Assertions.Expect(Themes(visitor, name)).ToHaveAttributeAsync("aria-current", "true");
    }

    private static ILocator Themes(Visitor visitor, string name) => visitor.Page.Locator(".themes").GetByText(name, new() { Exact = true });

    private static async Task<string> PageColourAsync(Visitor visitor)
    {
        await visitor.Page.LoadedAsync();
        return await visitor.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
    }
}
