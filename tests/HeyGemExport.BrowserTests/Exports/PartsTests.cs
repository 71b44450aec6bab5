using System.IO.Compression;

namespace HeyGemExport.BrowserTests.Exports;

/// <summary>An export in several archives.</summary>
public sealed class PartsTests(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    [BrowserTheory]
    [InlineData(Words.Zh, true, "下载 3 个分卷")]
    [InlineData(Words.En, false, "Download 3 parts")]
    public async Task The_lists_main_button_leads_to_the_parts(string locale, bool scripts, string button)
    {
        foreach (var number in Enumerable.Range(1, 3))
        {
            App.AddVideo($"course/{number}.mp4", 200_000, number);
        }

        var visitor = await VisitLibraryAsync(locale, 3, scripts);
        using var client = App.CreateClient();
        await App.ExportAsync(client, new { all = true }, new { maxPartBytes = 300_000 });
        await visitor.GoAsync("/exports");
        await visitor.ShowAsync($"list with parts {locale}");
        await Assertions.Expect(visitor.Page.Locator("main a[href$='/download']")).ToHaveCountAsync(0);

        var main = visitor.Page.Locator(".export-row .button-primary");
        await Assertions.Expect(main).ToContainTextAsync(button);
        await main.ClickAsync();

        await Assertions.Expect(visitor.Heading(visitor.Words.Ready)).ToBeVisibleAsync();
        var parts = visitor.Page.Locator(".part-list a[data-part]");
        await Assertions.Expect(parts).ToHaveCountAsync(3);
        var download = await visitor.DownloadAsync(() => parts.Nth(1).ClickAsync());
        await using var zip = await ZipFile.OpenReadAsync(await download.SaveAsync(App.Folder));
        Assert.Contains(zip.Entries, entry => entry is { FullName: "course/2.mp4", Length: 200_000 });
    }

    [BrowserTheory]
    [InlineData(Words.Zh, "下载全部 2 个分卷")]
    [InlineData(Words.En, "Download all 2 parts")]
    public async Task One_click_downloads_all_parts(string locale, string button)
    {
        App.AddVideo("course/1.mp4", 200_000, 1);
        App.AddVideo("course/2.mp4", 200_000, 2);
        using var client = App.CreateClient();
        var export = await App.ExportAsync(client, new { all = true }, new { maxPartBytes = 300_000 });
        var visitor = await VisitLibraryAsync(locale, 2);
        await visitor.GoAsync($"/exports/{export.GetProperty("id").GetString()}");
        await visitor.ShowAsync($"parts {locale}");
        var names = new List<string>();
        visitor.Page.Download += (_, download) => names.Add(download.SuggestedFilename);

        var all = visitor.Page.Locator("[data-download-all]");
        await Assertions.Expect(all).ToContainTextAsync(button);
        await all.ClickAsync();

        await Eventually.HoldsAsync(() => Task.FromResult(names.Count == 2));
        Assert.Contains(names, name => name.EndsWith("_part01of02.zip", StringComparison.Ordinal));
        Assert.Contains(names, name => name.EndsWith("_part02of02.zip", StringComparison.Ordinal));
    }
}
