using System.IO.Compression;
using System.Text;
using HeyGemExport.Library;

namespace HeyGemExport.BrowserTests.Library;

/// <summary>Tags and metadata as a person meets them, in both languages.</summary>
public sealed class TagTests(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    [BrowserTheory]
    [InlineData(Words.Zh, "标签名称", "添加标签", "移除标签 客户A")]
    [InlineData(Words.En, "Tag", "Add tag", "Remove tag 客户A")]
    public async Task One_video_is_tagged_and_untagged_on_its_page(string locale, string field, string add, string remove)
    {
        App.AddVideo("b1/a.mp4");
        var visitor = await VisitLibraryAsync(locale, 1, scripts: false);
        await visitor.GoAsync("/watch/b1/a.mp4");

        await visitor.Page.GetByLabel(field, new() { Exact = true }).FillAsync("客户A");
        await visitor.Button(add).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "客户A", Exact = true })).ToBeVisibleAsync();
        Assert.Equal(["客户A"], App.Get<LibraryIndex>().Current.Find("b1/a.mp4")!.Tags);
        await visitor.Button(remove).ClickAsync();

        await Assertions.Expect(visitor.Button(remove)).ToHaveCountAsync(0);
        Assert.Empty(App.Get<LibraryIndex>().Current.Find("b1/a.mp4")!.Tags);
    }

    [BrowserTheory]
    [InlineData(Words.Zh, "给所选内容打标签", "标签名称", "为所选添加", "选择 {0}", "选择批次 {0}", "请先选择至少一个视频或批次。")]
    [InlineData(
        Words.En, "Tag selected", "Tag", "Add to selected", "Select {0}", "Select batch {0}", "Pick at least one video or batch first.")]
    public async Task Many_are_tagged_at_once_filtered_and_packed_by_the_tag(
        string locale, string bar, string field, string add, string pick, string pickBatch, string nothing)
    {
        App.AddVideo("b1/a.mp4", seed: 1);
        App.AddVideo("b1/b.mp4", seed: 2);
        App.AddVideo("b2/c.mp4", seed: 3);
        App.AddVideo("d.mp4", seed: 4);
        var visitor = await VisitLibraryAsync(locale, 4);
        await visitor.Page.GetByText(bar).ClickAsync();
        await visitor.Page.Locator("#tagbar").GetByLabel(field).FillAsync("交付");
        await visitor.Button(add).ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("[data-tag-note]")).ToHaveTextAsync(nothing);

        await visitor.Page.GetByLabel(string.Format(null, pickBatch, "b1")).CheckAsync();
        await visitor.Page.GetByLabel(string.Format(null, pick, "c.mp4")).CheckAsync();
        await visitor.Button(add).ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#videos .row-tags .tag", new() { HasText = "交付" })).ToHaveCountAsync(3);
        await visitor.Page.EvaluateAsync("() => sessionStorage.clear()");
        await visitor.GoAsync("/");
        await visitor.Page.Locator("#tags").GetByRole(AriaRole.Link, new() { Name = "交付 3" }).ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#videos .row")).ToHaveCountAsync(3);

        await visitor.AskAsync();
        await visitor.Page.Locator("details.options summary").ClickAsync();
        await visitor.Page.Locator("input[name='MetadataCsv']").CheckAsync();
        await Assertions.Expect(visitor.Page.Locator("#confirm-dialog[aria-busy]")).ToHaveCountAsync(0);
        await Assertions.Expect(visitor.Page.Locator("input[name='MetadataCsv'][type='checkbox']")).ToBeCheckedAsync();
        var download = await visitor.DownloadAsync(() => visitor.Button(visitor.Words.Confirm).ClickAsync());
        await using var zip = new ZipArchive(File.OpenRead(await download.SaveAsync(App.Folder)));
        Assert.Equal(["b1/a.mp4", "b1/b.mp4", "b2/c.mp4", "metadata.csv"], zip.Entries.Select(entry => entry.FullName));
        using var csv = new StreamReader(await zip.GetEntry("metadata.csv")!.OpenAsync(), Encoding.UTF8);
        Assert.Equal(3, (await csv.ReadToEndAsync()).Split("交付").Length - 1);
    }

    [BrowserTheory]
    [InlineData(Words.Zh, "筛选名称", "保存筛选", "删除筛选 我的", "下载元数据 CSV")]
    [InlineData(Words.En, "Name of this filter", "Save filter", "Delete filter 我的", "Metadata CSV")]
    public async Task A_filter_is_saved_opened_and_deleted_and_its_metadata_downloaded(
        string locale, string name, string save, string delete, string csv)
    {
        App.AddVideo("b1/课程a.mp4", seed: 1);
        App.AddVideo("b1/b.mp4", seed: 2);
        var visitor = await VisitLibraryAsync(locale, 2);
        await visitor.GoAsync("/?q=" + Uri.EscapeDataString("课程"));

        var file = await visitor.DownloadAsync(() => visitor.Button(csv).ClickAsync());
        var lines = await File.ReadAllLinesAsync(await file.SaveAsync(App.Folder));
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("b1/课程a.mp4,", lines[1], StringComparison.Ordinal);

        await visitor.Page.GetByLabel(name).FillAsync("我的");
        await visitor.Button(save).ClickAsync();
        await visitor.GoAsync("/");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "我的", Exact = true }).ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#videos .row")).ToHaveCountAsync(1);
        await visitor.Button(delete).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "我的", Exact = true })).ToHaveCountAsync(0);
    }
}
