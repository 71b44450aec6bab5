using HeyGemExport.Archives;
using HeyGemExport.Exports;

namespace HeyGemExport.BrowserTests.Exports;

/// <summary>What the export's page says while the engine, which waits for the test, has the job.</summary>
public sealed class ProgressTests(Chromium chromium) : BrowserTest<HeldApp>(chromium, new HeldApp())
{
    [BrowserTheory]
    [InlineData(Words.Zh)]
    [InlineData(Words.En)]
    public async Task Progress_survives_a_reload_and_the_archive_is_downloaded_once(string locale)
    {
        var visitor = await VisitLibraryAsync(locale, AddSamples());
        await visitor.AskAsync();
        var id = await visitor.ConfirmAsync();
        await Assertions.Expect(visitor.Heading(visitor.Words.Waiting)).ToBeVisibleAsync();

        await BuildHalfAsync(id);
        await Assertions.Expect(visitor.Heading(visitor.Words.Packing)).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.GetByText("33%", new() { Exact = true })).ToBeVisibleAsync();
        await visitor.Page.ReloadAsync();
        await Assertions.Expect(visitor.Heading(visitor.Words.Packing)).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.GetByText("33%", new() { Exact = true })).ToBeVisibleAsync();

        await visitor.DownloadAsync(() => FinishAsync(id));
        await Assertions.Expect(visitor.Heading(visitor.Words.Ready)).ToBeVisibleAsync();
        await visitor.Page.ReloadAsync();
        await Assertions.Expect(visitor.Heading(visitor.Words.Ready)).ToBeVisibleAsync();

        // Two more round trips, in which a second download would have begun.
        await visitor.GoAsync("/exports");
        await visitor.GoAsync($"/exports/{id}");
        await Assertions.Expect(visitor.Link(visitor.Words.Download).First).ToBeVisibleAsync();
        Assert.Single(visitor.Downloads);
    }

    [BrowserFact]
    public async Task Whoever_confirms_the_same_content_lands_on_the_same_export()
    {
        var videos = AddSamples();
        var first = await VisitLibraryAsync(Words.Zh, videos);
        var second = await VisitLibraryAsync(Words.En, videos, scripts: false);
        await first.AskAsync();
        await second.AskAsync();

        var ids = new[] { await first.ConfirmAsync(), await second.ConfirmAsync() };
        await FinishAsync(ids[0]);

        Assert.Equal(ids[0], ids[1]);
        await Assertions.Expect(first.Heading(first.Words.Ready)).ToBeVisibleAsync();
        await Assertions.Expect(second.Heading(second.Words.Ready)).ToBeVisibleAsync();
        Assert.Single(App.TempFiles);
    }

    [BrowserFact]
    public async Task Two_fast_clicks_on_the_confirmation_make_one_export()
    {
        var visitor = await VisitLibraryAsync(Words.Zh, AddSamples());
        await visitor.AskAsync();

        await visitor.Button(visitor.Words.Confirm).DblClickAsync();
        var id = await visitor.ExportIdAsync();
        await visitor.GoAsync("/exports");

        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Progressbar)
            .Or(visitor.Button(visitor.Words.CancelInList))).ToHaveCountAsync(1);
        Assert.NotEmpty(id);
    }

    [BrowserTheory]
    [InlineData(Words.Zh, true)]
    [InlineData(Words.En, true)]
    [InlineData(Words.Zh, false)]
    public async Task A_cancelled_export_says_so_and_offers_to_pack_again(string locale, bool scripts)
    {
        var visitor = await VisitLibraryAsync(locale, AddSamples(), scripts);
        await visitor.AskAsync();
        var id = await visitor.ConfirmAsync();

        await visitor.Button(visitor.Words.CancelExport).ClickAsync();
        await Assertions.Expect(visitor.Heading(visitor.Words.Cancelled)).ToBeVisibleAsync();
        await App.RunAsync(id);
        Assert.Empty(App.TempFiles);

        await visitor.Button(visitor.Words.PackAgain).ClickAsync();
        await Assertions.Expect(visitor.Card).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Figure(visitor.Words.Videos)).ToHaveTextAsync("8");
    }

    [BrowserFact]
    public async Task Eight_open_pages_leave_the_browser_connections_for_a_ninth()
    {
        var visitor = await VisitLibraryAsync(Words.En, AddSamples());
        await visitor.AskAsync();
        var id = await visitor.ConfirmAsync();
        var pages = new List<IPage> { visitor.Page };
        while (pages.Count < 8)
        {
            var page = await visitor.Page.Context.NewPageAsync();
            await page.GotoAsync($"/exports/{id}");
            pages.Add(page);
        }

        var ninth = await visitor.Page.Context.NewPageAsync();
        await ninth.GotoAsync("/");
        await FinishAsync(id);

        foreach (var page in pages)
        {
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = visitor.Words.Ready })).ToBeVisibleAsync();
        }
    }

    [BrowserFact]
    public async Task The_list_cancels_too()
    {
        var visitor = await VisitLibraryAsync(Words.En, AddSamples());
        await visitor.AskAsync();
        await visitor.ConfirmAsync();

        await visitor.GoAsync("/exports");
        await visitor.Button(visitor.Words.CancelInList).ClickAsync();

        await Assertions.Expect(visitor.Page.GetByText(visitor.Words.Cancelled, new() { Exact = true })).ToBeVisibleAsync();
    }

    [BrowserTheory]
    [InlineData(Words.Zh, true)]
    [InlineData(Words.En, true)]
    [InlineData(Words.Zh, false)]
    [InlineData(Words.En, false)]
    public async Task Past_the_soft_limit_the_page_says_kindly_to_come_back_later(string locale, bool scripts)
    {
        App.Settings["Exports:SoftTimeoutSeconds"] = "1";
        var visitor = await VisitLibraryAsync(locale, AddSamples(), scripts);
        await visitor.AskAsync();
        var id = await visitor.ConfirmAsync();

        await Assertions.Expect(visitor.Page.GetByText(visitor.Words.SoftLimit, new() { Exact = true })).ToBeVisibleAsync();

        // The job carries on, and the archive is found in the list.
        await FinishAsync(id);
        await visitor.GoAsync("/exports");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Main).Locator($"a[href$='/exports/{id}/download']")).ToBeVisibleAsync();
    }

    /// <summary>A third of the whole way: half of the bytes are packed, and all are still to be checked.</summary>
    private async Task BuildHalfAsync(string id)
    {
        Assert.True(await App.Get<ExportTransitions>().ClaimAsync(id, CancellationToken.None));
        var export = (await App.Get<ExportService>().FindAsync(id, CancellationToken.None))!;
        App.Get<ExportProgressBoard>().Begin(id, ExportState.Building).Report(new ArchiveProgress(4, export.TotalBytes / 2));
    }

    private async Task FinishAsync(string id)
    {
        App.Get<ExportProgressBoard>().End(id);
        await App.Get<ExportTransitions>().ReleaseAsync(id, stopped: true, CancellationToken.None);
        await App.RunAsync(id);
    }
}
