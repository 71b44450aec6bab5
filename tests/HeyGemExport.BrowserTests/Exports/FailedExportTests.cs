namespace HeyGemExport.BrowserTests.Exports;

/// <summary>What someone sees whose export failed.</summary>
public sealed class FailedExportTests(Chromium chromium) : BrowserTest<HeldApp>(chromium, new HeldApp())
{
    [BrowserTheory]
    [InlineData(Words.Zh, true, "有视频被删除或移动", "重新打包即可获得仍然存在的全部视频")]
    [InlineData(Words.En, true, "deleted or moved", "Pack again to get all videos that are still there")]
    [InlineData(Words.Zh, false, "有视频被删除或移动", "重新打包即可获得仍然存在的全部视频")]
    [InlineData(Words.En, false, "deleted or moved", "Pack again to get all videos that are still there")]
    public async Task A_video_that_vanished_is_named_with_the_remedy_and_no_archive_is_offered(
        string locale, bool scripts, string problem, string remedy)
    {
        App.AddVideo("batch/stays.mp4");
        App.AddVideo("batch/删除了.mp4", seed: 2);
        var visitor = await VisitLibraryAsync(locale, 2, scripts);
        await visitor.AskAsync();
        var id = await visitor.ConfirmAsync();

        File.Delete(Path.Combine(App.Outputs, "batch", "删除了.mp4"));
        await App.RunAsync(id);

        await Assertions.Expect(visitor.Heading(visitor.Words.Failed)).ToBeVisibleAsync();
        var alert = visitor.Page.GetByRole(AriaRole.Alert);
        await Assertions.Expect(alert).ToContainTextAsync(problem);
        await Assertions.Expect(alert).ToContainTextAsync(remedy);
        await Assertions.Expect(alert).ToContainTextAsync("batch/删除了.mp4");
        await Assertions.Expect(visitor.Link(visitor.Words.Download)).ToHaveCountAsync(0);
        Assert.Empty(App.TempFiles);
        Assert.Contains("[ERROR] 打包失败: ", await File.ReadAllTextAsync(App.RunLog), StringComparison.Ordinal);
    }

    [BrowserTheory]
    [InlineData(Words.Zh, "重试任务 {0}", "删除任务 {0}", "确认删除记录")]
    [InlineData(Words.En, "Retry export {0}", "Delete export {0}", "Yes, delete the record")]
    public async Task It_is_retried_and_deleted_in_the_list(string locale, string retry, string delete, string sure)
    {
        App.AddVideo("batch/a.mp4");
        using var client = App.CreateClient();
        var visitor = await VisitLibraryAsync(locale, 1);
        var id = await (await App.PostExportAsync(client, new { all = true })).IdAsync();
        File.Delete(Path.Combine(App.Outputs, "batch", "a.mp4"));
        await App.RunAsync(id);
        await visitor.GoAsync("/exports");
        await visitor.ShowAsync($"failed in the list {locale}");

        await visitor.Button(Text(retry)).ClickAsync();
        await Eventually.HoldsAsync(async () => await client.StateAsync(id) is "queued");
        await App.RunAsync(id);
        await visitor.GoAsync("/exports");
        await visitor.Page.Locator($"summary[aria-label='{Text(delete)}']").ClickAsync();
        await visitor.Button(sure).ClickAsync();

        await Assertions.Expect(visitor.Page.Locator(".export-row")).ToHaveCountAsync(0);

        string Text(string text) => text.Replace("{0}", id, StringComparison.Ordinal);
    }
}
