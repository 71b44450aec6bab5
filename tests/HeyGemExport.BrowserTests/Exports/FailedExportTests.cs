namespace HeyGemExport.BrowserTests.Exports;

/// <summary>What someone sees whose export failed.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class FailedExportTests : BrowserTest
{
    private readonly HeldApp app;

    public FailedExportTests(Chromium chromium)
        : this(chromium, new HeldApp())
    {
    }

    private FailedExportTests(Chromium chromium, HeldApp app)
        : base(chromium, app) => this.app = app;

    [BrowserTheory]
    [InlineData(Words.Zh, true, "有视频被删除或移动", "重新打包即可获得仍然存在的全部视频")]
    [InlineData(Words.En, true, "deleted or moved", "Pack again to get all videos that are still there")]
    [InlineData(Words.Zh, false, "有视频被删除或移动", "重新打包即可获得仍然存在的全部视频")]
    [InlineData(Words.En, false, "deleted or moved", "Pack again to get all videos that are still there")]
    public async Task A_video_that_vanished_is_named_with_the_remedy_and_no_archive_is_offered(string locale, bool scripts, string problem, string remedy)
    {
        app.AddVideo("batch/stays.mp4");
        app.AddVideo("batch/删除了.mp4", seed: 2);
        var visitor = await VisitLibraryAsync(locale, 2, scripts);
        await visitor.AskAsync();
        var id = await visitor.ConfirmAsync();

        File.Delete(Path.Combine(app.Outputs, "batch", "删除了.mp4"));
        await app.RunAsync(id);

        await Assertions.Expect(visitor.Heading(visitor.Words.Failed)).ToBeVisibleAsync();
        var alert = visitor.Page.GetByRole(AriaRole.Alert);
        await Assertions.Expect(alert).ToContainTextAsync(problem);
        await Assertions.Expect(alert).ToContainTextAsync(remedy);
        await Assertions.Expect(alert).ToContainTextAsync("batch/删除了.mp4");
        await Assertions.Expect(visitor.Link(visitor.Words.Download)).ToHaveCountAsync(0);
        Assert.Empty(app.TempFiles);
        Assert.Contains("[ERROR] 打包失败: ", await File.ReadAllTextAsync(app.RunLog), StringComparison.Ordinal);
    }
}
