namespace HeyGemExport.BrowserTests.Exports;

/// <summary>What exports are called on the pages.</summary>
public sealed class NamesTests(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    [BrowserTheory]
    [InlineData(Words.Zh, true, "选项", "压缩包名称", "重命名", "保存名称")]
    [InlineData(Words.En, false, "Options", "Archive name", "Rename", "Save name")]
    public async Task It_is_named_before_and_after(
        string locale, bool scripts, string options, string field, string rename, string save)
    {
        App.AddVideo("培训/第1课.mp4");
        App.AddVideo("培训/第2课.mp4", seed: 2);
        App.AddVideo("样片/片头.mp4", seed: 3);
        var visitor = await VisitLibraryAsync(locale, 3, scripts);
        await visitor.AskAsync();
        await visitor.Page.GetByText(options, new() { Exact = true }).ClickAsync();
        await visitor.Page.GetByLabel(field).FillAsync("客户 终版");
        await visitor.ShowAsync($"name on the card {locale}");
        await visitor.ConfirmAsync();
        await Assertions.Expect(visitor.Heading(visitor.Words.Ready)).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.Locator(".export-name")).ToHaveTextAsync("客户 终版.zip");
        await Assertions.Expect(visitor.Page.Locator(".holds")).ToContainTextAsync("第1课.mp4");

        await visitor.Page.GetByText(rename, new() { Exact = true }).ClickAsync();
        await visitor.Page.GetByLabel(field).FillAsync("");
        await visitor.ShowAsync($"rename {locale}");
        await visitor.Button(save).ClickAsync();

        await Assertions.Expect(visitor.Page.Locator(".export-name")).ToContainTextAsync("培训");
        await Assertions.Expect(visitor.Page.Locator(".export-name")).Not.ToContainTextAsync("终版");
    }

    [BrowserTheory]
    [InlineData(Words.Zh, "按名称、批次或文件搜索", "搜索", "没有与“没有的”匹配的打包任务。")]
    [InlineData(Words.En, "Search by name, batch, or file", "Search", "No export matches “没有的”.")]
    public async Task The_list_is_searched(string locale, string field, string search, string none)
    {
        App.AddVideo("培训/第1课.mp4");
        App.AddVideo("样片/片头.mp4", seed: 2);
        using var client = App.CreateClient();
        await App.ExportAsync(client, new { batches = new[] { "培训" } });
        await App.ExportAsync(client, new { batches = new[] { "样片" } });
        var visitor = await VisitLibraryAsync(locale, 2);
        await visitor.GoAsync("/exports");
        await Assertions.Expect(visitor.Page.Locator(".export-row")).ToHaveCountAsync(2);
        await visitor.ShowAsync($"list of exports {locale}");

        await visitor.Page.GetByLabel(field).FillAsync("片头");
        await visitor.Button(search).ClickAsync();
        await Assertions.Expect(visitor.Page.Locator(".export-row")).ToHaveCountAsync(1);
        await Assertions.Expect(visitor.Page.Locator(".export-row")).ToContainTextAsync("片头.mp4");

        await visitor.Page.GetByLabel(field).FillAsync("没有的");
        await visitor.Button(search).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByText(none)).ToBeVisibleAsync();
    }
}
