using System.Text;
using HeyGemExport.Audit;

namespace HeyGemExport.BrowserTests.Audit;

/// <summary>The audit page after one export and one download.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class AuditPageTests(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    [BrowserTheory]
    [InlineData(Words.Zh, true)]
    [InlineData(Words.En, false)]
    public async Task Filters_the_trail_and_hands_over_what_it_shows_as_csv(string locale, bool scripts)
    {
        var visitor = await VisitAsync(locale, scripts);
        App.AddVideo("课程.mp4");
        using var client = App.CreateClient();
        var export = await App.ExportAsync(client, new { all = true });
        await client.GetByteArrayAsync(export.GetProperty("downloadUrl").GetString());
        await Eventually.HoldsAsync(async () => (await App.Get<AuditTrail>().QueryAsync(new AuditQuery(null, null, AuditActions.DownloadFinished, 1, 1), CancellationToken.None)).Total == 1);

        await visitor.GoAsync("/audit");
        await Assertions.Expect(Rows(visitor)).ToHaveCountAsync(5);
        await visitor.Page.GetByRole(AriaRole.Combobox).SelectOptionAsync("download-finished");
        await visitor.Page.GetByRole(AriaRole.Button).Last.ClickAsync();
        await Assertions.Expect(Rows(visitor)).ToHaveCountAsync(1);
        await Assertions.Expect(Rows(visitor)).ToContainTextAsync(locale == Words.Zh ? "完整" : "Complete");

        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.Link("CSV").ClickAsync());
        var bytes = await File.ReadAllBytesAsync(await download.SaveAsync(App.Folder));
        var lines = Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.EndsWith(".csv", download.SuggestedFilename, StringComparison.Ordinal);
        Assert.Equal(Encoding.UTF8.GetPreamble(), bytes[..3]);
        Assert.Equal(2, lines.Length);
        Assert.Contains("download-finished", lines[1], StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task A_range_without_records_says_so_and_offers_the_way_back()
    {
        App.AddVideo("a.mp4");
        var visitor = await VisitLibraryAsync(Words.En, 1);
        using var client = App.CreateClient();
        await App.ExportAsync(client, new { all = true });

        await visitor.GoAsync("/audit");
        await visitor.Page.GetByLabel("To", new() { Exact = true }).FillAsync("2001-02-03");
        await visitor.Button("Apply").ClickAsync();
        await Assertions.Expect(visitor.Page.GetByText("Nothing in this range.")).ToBeVisibleAsync();
        await visitor.Link("Clear filter").ClickAsync();

        await Assertions.Expect(Rows(visitor)).ToHaveCountAsync(3);
    }

    private static ILocator Rows(Visitor visitor) => visitor.Page.Locator("tbody").GetByRole(AriaRole.Row);
}
