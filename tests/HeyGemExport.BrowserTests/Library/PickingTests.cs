using HeyGemExport.Library;

namespace HeyGemExport.BrowserTests.Library;

/// <summary>Packing a part: single videos, a batch, a search.</summary>
public sealed class PickingTests(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    [BrowserFact]
    public async Task Videos_picked_on_two_pages_are_packed_together_and_nothing_else()
    {
        foreach (var number in Enumerable.Range(1, 60))
        {
            App.AddVideo($"course/lesson{number:00}.mp4", 4096, number);
        }

        var visitor = await VisitLibraryAsync(Words.En, 60);
        await visitor.GoAsync("/?sort=name");
        await Pick(visitor, "lesson03.mp4").CheckAsync();
        await Pick(visitor, "lesson07.mp4").CheckAsync();
        await visitor.Link("Next").ClickAsync();
        await Pick(visitor, "lesson55.mp4").CheckAsync();
        await Assertions.Expect(visitor.Page.GetByText("3 selected")).ToBeVisibleAsync();

        await AssertDeliversAsync(visitor, ["course/lesson03.mp4", "course/lesson07.mp4", "course/lesson55.mp4"]);
    }

    [BrowserFact]
    public async Task A_whole_page_can_be_picked_and_cleared_again()
    {
        var visitor = await VisitLibraryAsync(Words.Zh, AddSamples());

        await visitor.Page.GetByLabel("选择本页全部").CheckAsync();
        await Assertions.Expect(visitor.Page.GetByText("已选 8 个")).ToBeVisibleAsync();
        await visitor.Button("取消选择").ClickAsync();

        await Assertions.Expect(visitor.Page.GetByLabel("选择本页全部")).Not.ToBeCheckedAsync();
        await Assertions.Expect(visitor.Page.GetByText("可打包：8 个")).ToBeVisibleAsync();
    }

    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_picked_batch_is_packed_alone(bool scripts)
    {
        var visitor = await VisitLibraryAsync(Words.Zh, AddSamples(), scripts);

        await visitor.Page.GetByLabel("选择批次 门店宣传_20251220").CheckAsync();

        await AssertDeliversAsync(visitor, PathsIn("门店宣传_20251220"));
    }

    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_search_shows_is_what_is_packed(bool scripts)
    {
        var visitor = await VisitLibraryAsync(Words.Zh, AddSamples(), scripts);

        await visitor.Page.GetByRole(AriaRole.Searchbox, new() { Name = "按名称或文件夹搜索" }).FillAsync("王老师");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await visitor.ReachesAsync("q=");
        await Assertions.Expect(visitor.Page.GetByText("课程第03讲_李老师.avi", new() { Exact = true })).Not.ToBeVisibleAsync();

        await AssertDeliversAsync(
            visitor, [.. PathsIn("batch_20251219_1423").Where(path => path.Contains("王老师", StringComparison.Ordinal))]);
    }

    [BrowserFact]
    public async Task A_picked_video_that_has_gone_is_named_and_the_others_can_still_be_packed()
    {
        App.AddVideo("stays.mp4");
        App.AddVideo("goes.mp4", seed: 2);
        var visitor = await VisitLibraryAsync(Words.En, 2);
        await Pick(visitor, "stays.mp4").CheckAsync();
        await Pick(visitor, "goes.mp4").CheckAsync();
        File.Delete(Path.Combine(App.Outputs, "goes.mp4"));
        await App.Get<LibraryIndex>().RefreshAsync(CancellationToken.None);

        await visitor.AskAsync();
        await Assertions.Expect(visitor.Card.GetByRole(AriaRole.Alert)).ToContainTextAsync("goes.mp4");
        await Assertions.Expect(visitor.Button(visitor.Words.Confirm)).ToHaveCountAsync(0);
        await visitor.Button("Continue without them").ClickAsync();
        await Assertions.Expect(visitor.Figure(visitor.Words.Videos)).ToHaveTextAsync("1");

        var download = await visitor.DownloadAsync(() => visitor.Button(visitor.Words.Confirm).ClickAsync());
        await Delivered.AssertHoldsAsync(await download.SaveAsync(App.Folder), App.Outputs, ["stays.mp4"]);
    }

    [BrowserFact]
    public async Task What_is_picked_beyond_the_list_is_counted_named_and_can_be_dropped()
    {
        var visitor = await VisitLibraryAsync(Words.Zh, AddSamples());
        await visitor.Page.GetByLabel("选择 课程第01讲_王老师.mp4").CheckAsync();
        await visitor.Page.GetByLabel("选择 课程第02讲_王老师.mp4").CheckAsync();
        await visitor.Page.GetByLabel("选择批次 门店宣传_20251220").CheckAsync();
        var summary = visitor.Page.Locator("[data-pack-beyond] > summary");
        await Assertions.Expect(summary).Not.ToBeVisibleAsync();

        await visitor.GoAsync("/?q=store_welcome");
        await Assertions.Expect(visitor.Page.GetByText("已选 5 个")).ToBeVisibleAsync();
        await Assertions.Expect(summary).ToHaveTextAsync("其中 4 个不在当前列表");
        await summary.ClickAsync();
        await visitor.ShowAsync("picked beyond the list");
        await visitor.Button("取消选择 batch_20251219_1423/课程第01讲_王老师.mp4").ClickAsync();
        await Assertions.Expect(summary).ToHaveTextAsync("其中 3 个不在当前列表");
        await Assertions.Expect(visitor.Button("取消选择 batch_20251219_1423/课程第02讲_王老师.mp4")).ToBeFocusedAsync();

        await visitor.AskAsync();
        var contents = visitor.Card.GetByRole(AriaRole.Listitem);
        var course = contents.Filter(new() { HasText = "batch_20251219_1423 · 1 个视频" });
        var shop = contents.Filter(new() { HasText = "门店宣传_20251220 · 3 个视频" });
        await Assertions.Expect(course).ToContainTextAsync("课程第02讲_王老师.mp4");
        await Assertions.Expect(shop).ToContainTextAsync("store_welcome");
        await visitor.Card.GetByText("全部 4 个视频").ClickAsync();
        await Assertions.Expect(contents.GetByText("batch_20251219_1423/课程第02讲_王老师.mp4")).ToBeVisibleAsync();
        Assert.Empty(await visitor.Page.ViolationsAsync());
        await visitor.Page.Keyboard.PressAsync("Escape");

        await visitor.Button("取消选择这些").ClickAsync();
        await Assertions.Expect(summary).Not.ToBeVisibleAsync();
        await Assertions.Expect(visitor.Button(visitor.Words.Pack)).ToBeFocusedAsync();
        await AssertDeliversAsync(visitor, ["门店宣传_20251220/store_welcome_emily_5c81d0aa.mp4"]);
    }

    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Names_are_in_the_order_in_which_people_count_and_read(bool scripts)
    {
        foreach (var (seed, name) in new[] { "第10课.mp4", "王五.mp4", "第2课.mp4", "张三.mp4", "第1课.mp4" }.Index())
        {
            App.AddVideo(name, seed: seed);
        }

        var visitor = await VisitLibraryAsync(Words.Zh, 5, scripts);
        await visitor.GoAsync("/?sort=name");

        string[] expected = ["第1课.mp4", "第2课.mp4", "第10课.mp4", "王五.mp4", "张三.mp4"];
        Assert.Equal(expected, await visitor.Page.Locator(".row-name").AllInnerTextsAsync());
        await visitor.AskAsync();
        await visitor.Card.GetByText("全部 5 个视频").ClickAsync();
        Assert.Equal(expected, await visitor.Card.Locator(".contents .issue-files li").AllInnerTextsAsync());
    }

    private static ILocator Pick(Visitor visitor, string name) => visitor.Page.GetByLabel($"Select {name}");

    private static string[] PathsIn(string batch) =>
        [.. Directory.GetFiles(Path.Combine(Samples, batch)).Select(file => Path.GetRelativePath(Samples, file))];

    private async Task AssertDeliversAsync(Visitor visitor, string[] paths)
    {
        await visitor.AskAsync();
        await Assertions.Expect(visitor.Figure(visitor.Words.Videos)).ToHaveTextAsync($"{paths.Length}");
        var scripted = await visitor.Page.GetByRole(AriaRole.Dialog).CountAsync() > 0;
        var download = await visitor.DownloadAsync(async () =>
        {
            await visitor.ConfirmAsync();
            if (!scripted)
            {
                await visitor.Link(visitor.Words.Download).First.ClickAsync();
            }
        });
        await Delivered.AssertHoldsAsync(await download.SaveAsync(App.Folder), App.Outputs, paths);
    }
}
