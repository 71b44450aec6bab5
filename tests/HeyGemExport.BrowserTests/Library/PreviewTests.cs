namespace HeyGemExport.BrowserTests.Library;

/// <summary>Playing a video over the library.</summary>
public sealed class PreviewTests(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    [BrowserFact]
    public async Task A_video_plays_over_the_library_from_ranges()
    {
        var visitor = await VisitLibraryAsync(Words.Zh, AddSamples());
        var statuses = new List<int>();
        visitor.Page.Response += (_, response) =>
        {
            if (response.Url.Contains(".mp4", StringComparison.Ordinal))
            {
                statuses.Add(response.Status);
            }
        };

        await visitor.Link("播放 课程第01讲_王老师.mp4").ClickAsync();

        var dialog = visitor.Page.GetByRole(AriaRole.Dialog, new() { Name = "课程第01讲_王老师.mp4" });
        await Assertions.Expect(dialog).ToBeVisibleAsync();
        await visitor.Page.WaitForFunctionAsync("""
            () => {
              const video = document.querySelector('dialog video');
              return video.readyState >= 2 && video.videoWidth > 0 && video.duration > 1;
            }
            """);
        Assert.NotEmpty(statuses);
        Assert.All(statuses, status => Assert.Equal(206, status));

        await visitor.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(dialog).Not.ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.Locator("dialog video")).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task A_format_that_browsers_cannot_play_is_explained_and_offered_as_a_file()
    {
        var visitor = await VisitLibraryAsync(Words.En, AddSamples());

        await visitor.Link("Play 课程第03讲_李老师.avi").ClickAsync();

        var dialog = visitor.Page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog).ToContainTextAsync("Browsers cannot play this format");
        var download = await visitor.DownloadAsync(
            () => dialog.GetByRole(AriaRole.Link, new() { Name = "Download this file" }).ClickAsync());
        Assert.Equal("课程第03讲_李老师.avi", download.SuggestedFilename);
        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine(App.Outputs, "batch_20251219_1423", "课程第03讲_李老师.avi")),
            await File.ReadAllBytesAsync(await download.SaveAsync(App.Folder)));
    }

    [BrowserFact]
    public async Task Without_scripts_a_video_has_a_page_of_its_own()
    {
        var visitor = await VisitLibraryAsync(Words.En, AddSamples(), scripts: false);

        await visitor.Link("Play 课程第01讲_王老师.mp4").ClickAsync();

        await Assertions.Expect(visitor.Heading("课程第01讲_王老师.mp4")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.Locator("video[controls]")).ToHaveCountAsync(1);
        await Assertions.Expect(visitor.Link("Download this file")).ToBeVisibleAsync();
    }
}
