namespace HeyGemExport.BrowserTests.Exports;

/// <summary>From the library to the file on the disk, over the clips that come with the product.</summary>
public sealed class WholeWayTests(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    [BrowserTheory]
    [InlineData(Words.Zh)]
    [InlineData(Words.En)]
    public async Task One_click_and_one_confirmation_deliver_every_video_byte_for_byte(string locale)
    {
        var visitor = await VisitLibraryAsync(locale, AddSamples());
        var words = visitor.Words;
        await Assertions.Expect(visitor.Heading(words.Library)).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.GetByText("课程第01讲_王老师.mp4", new() { Exact = true })).ToBeVisibleAsync();

        await visitor.AskAsync();
        await AssertCardAsync(visitor);
        Assert.Empty(App.TempFiles);

        var download = await visitor.DownloadAsync(() => visitor.Button(words.Confirm).ClickAsync());
        await Assertions.Expect(visitor.Heading(words.Ready)).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.GetByText(words.DownloadStarted)).ToBeVisibleAsync();
        await AssertDeliveredAsync(download);
    }

    [BrowserTheory]
    [InlineData(Words.Zh)]
    [InlineData(Words.En)]
    public async Task The_same_works_without_scripts(string locale)
    {
        var visitor = await VisitLibraryAsync(locale, AddSamples(), scripts: false);
        var words = visitor.Words;

        await visitor.AskAsync();
        await AssertCardAsync(visitor);
        Assert.Empty(App.TempFiles);

        // The page refreshes itself until the archive is ready.
        await visitor.ConfirmAsync();
        await Assertions.Expect(visitor.Heading(words.Ready)).ToBeVisibleAsync();
        var download = await visitor.DownloadAsync(() => visitor.Link(words.Download).First.ClickAsync());
        await AssertDeliveredAsync(download);
    }

    [BrowserFact]
    public async Task An_archive_that_is_ready_at_once_is_downloaded_also_when_scripts_came_too_late_for_the_click()
    {
        var visitor = await VisitLibraryAsync(Words.En, AddSamples());
        using (var client = App.CreateClient())
        {
            await App.ExportAsync(client, new { all = true });
        }

        foreach (var script in new[] { "library", "confirm-page" })
        {
            await visitor.Page.RouteAsync(
                $"**/js/{script}.*", route => route.FulfillAsync(new() { ContentType = "text/javascript", Body = "" }));
        }

        await visitor.GoAsync("/");
        await visitor.AskAsync();
        await AssertDeliveredAsync(await visitor.DownloadAsync(() => visitor.Button(visitor.Words.Confirm).ClickAsync()));
        await visitor.ReachesAsync("/exports/[^#]+$");
    }

    private async Task AssertCardAsync(Visitor visitor)
    {
        var files = new DirectoryInfo(App.Outputs).GetFiles("*", SearchOption.AllDirectories);
        await Assertions.Expect(visitor.Figure(visitor.Words.Videos)).ToHaveTextAsync($"{files.Length}");
        Assert.Equal(files.Sum(file => file.Length), await visitor.BytesAsync(visitor.Words.TotalSize));
        Assert.InRange(
            await visitor.BytesAsync(visitor.Words.SpaceNeeded), files.Sum(file => file.Length),
            await visitor.BytesAsync(visitor.Words.SpaceFree));
        await Assertions.Expect(visitor.Figure(visitor.Words.ExpectedTime)).ToContainTextAsync(visitor.Words.About);
    }

    private async Task AssertDeliveredAsync(IDownload download)
    {
        var archive = await download.SaveAsync(App.Folder);
        Assert.Matches(@"^.+(_\d{8}_\d{4}|, \d{4}-\d\d-\d\d \d\d\.\d\d)\.zip$", Path.GetFileName(archive));
        await Delivered.AssertHoldsAllAsync(archive, App.Outputs);
    }
}
