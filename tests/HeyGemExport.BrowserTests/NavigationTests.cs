namespace HeyGemExport.BrowserTests;

/// <summary>Finding one's way: languages and the keyboard.</summary>
public sealed class NavigationTests(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Switching_the_language_keeps_the_place_and_is_remembered(bool scripts)
    {
        var visitor = await VisitLibraryAsync(Words.Zh, AddSamples(), scripts);
        await visitor.GoAsync("/?q=%E7%8E%8B%E8%80%81%E5%B8%88&state=ready&sort=name");
        var place = new Uri(visitor.Page.Url).PathAndQuery;

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "English", Exact = true }).ClickAsync();

        await Assertions.Expect(visitor.Heading("Library")).ToBeVisibleAsync();
        Assert.Equal(place, new Uri(visitor.Page.Url).PathAndQuery);
        await visitor.GoAsync("/audit");
        await Assertions.Expect(visitor.Heading("Audit")).ToBeVisibleAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "中文", Exact = true }).ClickAsync();
        await Assertions.Expect(visitor.Heading("操作记录")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task The_keyboard_alone_opens_leaves_and_confirms_the_card()
    {
        var visitor = await VisitLibraryAsync(Words.En, AddSamples());
        var pack = visitor.Button(visitor.Words.Pack);
        await TabToAsync(visitor, pack);

        await visitor.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visitor.Card).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Button(visitor.Words.Confirm)).ToBeFocusedAsync();
        await visitor.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(visitor.Card).Not.ToBeVisibleAsync();
        await Assertions.Expect(pack).ToBeFocusedAsync();

        await visitor.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visitor.Button(visitor.Words.Confirm)).ToBeFocusedAsync();
        await visitor.DownloadAsync(() => visitor.Page.Keyboard.PressAsync("Enter"));
        await Assertions.Expect(visitor.Heading(visitor.Words.Ready)).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task The_first_tab_stop_leads_past_the_navigation()
    {
        var visitor = await VisitLibraryAsync(Words.En, AddSamples());

        await visitor.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(visitor.Link("Skip to content")).ToBeFocusedAsync();
        await visitor.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Main)).ToBeFocusedAsync();
    }

    private static async Task TabToAsync(Visitor visitor, ILocator target)
    {
        for (var presses = 0; presses < 40; presses++)
        {
            await visitor.Page.Keyboard.PressAsync("Tab");
            if (await target.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                return;
            }
        }

        Assert.Fail("Forty presses of Tab did not reach it.");
    }
}
