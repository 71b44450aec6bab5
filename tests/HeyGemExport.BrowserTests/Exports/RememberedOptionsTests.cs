namespace HeyGemExport.BrowserTests.Exports;

/// <summary>How archives are to look is chosen once.</summary>
public sealed class RememberedOptionsTests(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    [BrowserTheory]
    [InlineData(Words.Zh, true, "选项", "不压缩（最快）", "每卷不超过 2.0 GB")]
    [InlineData(Words.En, true, "Options", "Store", "At most 2.0 GB each")]
    [InlineData(Words.En, false, "Options", "Store", "At most 2.0 GB each")]
    public async Task The_options_of_the_last_export_come_chosen_and_what_goes_in_does_not(
        string locale, bool scripts, string options, string store, string parts)
    {
        App.AddVideo("a.mp4");
        var visitor = await VisitLibraryAsync(locale, 1, scripts);
        await visitor.AskAsync();
        await visitor.Card.GetByText(options, new() { Exact = true }).ClickAsync();
        await ChooseAsync(visitor, "Compression", "Store");
        await ChooseAsync(visitor, "MaxPartBytes", "2000000000");
        await ChooseAsync(visitor, "IncludeBroken", "true");
        await visitor.ConfirmAsync();
        await Assertions.Expect(visitor.Heading(visitor.Words.Ready)).ToBeVisibleAsync();

        await visitor.GoAsync("/");
        await visitor.AskAsync();

        var summary = visitor.Card.Locator(".options > summary");
        await Assertions.Expect(summary).ToContainTextAsync(store);
        await Assertions.Expect(summary).ToContainTextAsync(parts);
        await visitor.ShowAsync($"remembered {locale}");
        await summary.ClickAsync();
        await Assertions.Expect(visitor.Card.Locator("[name=Compression][value=Store]")).ToBeCheckedAsync();
        await Assertions.Expect(visitor.Card.Locator("[name=MaxPartBytes][value='2000000000']")).ToBeCheckedAsync();
        await Assertions.Expect(visitor.Card.Locator("[name=IncludeBroken]")).Not.ToBeCheckedAsync();

        await ChooseAsync(visitor, "Compression", "Auto");
        await ChooseAsync(visitor, "MaxPartBytes", "");
        await visitor.ConfirmAsync();
        await visitor.GoAsync("/");
        await visitor.AskAsync();

        await Assertions.Expect(visitor.Card.Locator(".options > summary")).ToHaveTextAsync(options);
    }

    private static async Task ChooseAsync(Visitor visitor, string name, string value)
    {
        var input = visitor.Card.Locator($"[name={name}][value='{value}']");
        await input.CheckAsync();
        await Assertions.Expect(visitor.Page.Locator("[aria-busy=true]")).ToHaveCountAsync(0);
        await Assertions.Expect(input).ToBeCheckedAsync();
    }
}
