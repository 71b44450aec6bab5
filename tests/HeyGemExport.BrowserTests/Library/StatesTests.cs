using HeyGemExport.Library;

namespace HeyGemExport.BrowserTests.Library;

/// <summary>What the library says when there is nothing, not yet everything, or something wrong.</summary>
public sealed class StatesTests(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    [BrowserTheory]
    [InlineData(Words.Zh, "还没有视频")]
    [InlineData(Words.En, "No videos yet")]
    public async Task An_empty_folder_says_where_it_looks_and_the_first_video_appears_by_itself(string locale, string title)
    {
        var visitor = await VisitAsync(locale);
        await Eventually.HoldsAsync(() => App.Get<LibraryIndex>().Current.ScannedAt is not null);
        await visitor.GoAsync("/");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = title })).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.GetByText(App.Outputs)).ToBeVisibleAsync();

        App.AddVideo("first.mp4");

        await Assertions.Expect(visitor.Page.GetByText("first.mp4", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Button(visitor.Words.Pack)).ToBeEnabledAsync();
    }

    [BrowserTheory]
    [InlineData(Words.Zh, "无法读取输出目录")]
    [InlineData(Words.En, "The outputs folder cannot be read")]
    public async Task A_missing_folder_says_what_to_do_and_the_page_recovers_by_itself(string locale, string title)
    {
        Directory.Delete(App.Outputs);
        var visitor = await VisitAsync(locale);
        await Eventually.HoldsAsync(() => App.Get<LibraryIndex>().Current.Fault is not null);
        await visitor.GoAsync("/");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = title })).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "Library:OutputsPath" }).First)
            .ToBeVisibleAsync();

        App.AddVideo("back.mp4");

        await Assertions.Expect(visitor.Page.GetByText("back.mp4", new() { Exact = true })).ToBeVisibleAsync();
    }

    [BrowserTheory]
    [InlineData(Words.Zh, "无法作为文件夹")]
    [InlineData(Words.En, "cannot be a folder")]
    public async Task A_failed_check_stands_on_the_page_with_its_remedy(string locale, string problem)
    {
        App.Settings["Exports:TempPath"] = App.Folder.Write("not-a-folder", []);
        App.AddVideo("a.mp4");

        var visitor = await VisitLibraryAsync(locale, 1);

        var banner = visitor.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = problem });
        await Assertions.Expect(banner).ToContainTextAsync("Exports:TempPath");
    }

    [BrowserTheory]
    [InlineData(Words.Zh, "已损坏", "缺少 moov 索引", "不会打包：1 个")]
    [InlineData(Words.En, "Broken", "the index (moov) is missing", "Left out: 1")]
    public async Task A_broken_video_is_shown_with_its_reason_and_left_out_of_the_archive(
        string locale, string state, string reason, string leftOut)
    {
        App.AddVideo("good.mp4");
        App.Folder.Write(
            Path.Combine("outputs", "cut.mp4"), [0, 0, 0, 16, .. "ftypisom"u8, 0, 0, 0, 0, 0, 0, 0, 16, .. "mdat12345678"u8],
            new DateTime(2026, 1, 2, 3, 4, 6, DateTimeKind.Utc));

        var visitor = await VisitLibraryAsync(locale, 2);
        var row = visitor.Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "cut.mp4" });
        await Assertions.Expect(row).ToContainTextAsync(state);
        await Assertions.Expect(row).ToContainTextAsync(reason);
        await visitor.AskAsync();
        await Assertions.Expect(visitor.Card).ToContainTextAsync(leftOut);
        await Assertions.Expect(visitor.Card).ToContainTextAsync("cut.mp4");

        var download = await visitor.DownloadAsync(() => visitor.Button(visitor.Words.Confirm).ClickAsync());
        await Delivered.AssertHoldsAsync(await download.SaveAsync(App.Folder), App.Outputs, ["good.mp4"]);
    }

    [BrowserTheory]
    [InlineData(Words.Zh, "生成中")]
    [InlineData(Words.En, "Being written")]
    public async Task A_video_that_is_still_being_written_cannot_be_picked(string locale, string state)
    {
        App.Settings["Library:SettleSeconds"] = "3600";
        App.AddVideo("old.mp4");
        App.Folder.Write(Path.Combine("outputs", "new.mp4"), Clips.Mp4());

        var visitor = await VisitLibraryAsync(locale, 2);

        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "new.mp4" })).ToContainTextAsync(state);
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Checkbox, new() { Name = "new.mp4" })).ToBeDisabledAsync();
    }
}
