using System.Text;
using HeyGemExport.Audit;

namespace HeyGemExport.BrowserTests.Audit;

/// <summary>The audit page after one export and one download.</summary>
public sealed class AuditPageTests(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    [BrowserTheory]
    [InlineData(Words.Zh, true, "完整")]
    [InlineData(Words.En, false, "Complete")]
    public async Task Shows_only_the_action_that_was_chosen(string locale, bool scripts, string outcome)
    {
        var visitor = await VisitAuditAsync(locale, scripts);
        await Assertions.Expect(Rows(visitor)).ToHaveCountAsync(6);

        await ChooseDownloadsAsync(visitor);

        await Assertions.Expect(Rows(visitor)).ToHaveCountAsync(1);
        await Assertions.Expect(Rows(visitor)).ToContainTextAsync(outcome);
    }

    [BrowserTheory]
    [InlineData(Words.Zh, true)]
    [InlineData(Words.En, false)]
    public async Task Hands_over_what_it_shows_as_csv(string locale, bool scripts)
    {
        var visitor = await VisitAuditAsync(locale, scripts);
        await ChooseDownloadsAsync(visitor);

        var download = await visitor.DownloadAsync(() => visitor.Link("CSV").ClickAsync());

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

        await Assertions.Expect(Rows(visitor)).ToHaveCountAsync(4);
    }

    /// <summary>The page after one export and one download: six records.</summary>
    private async Task<Visitor> VisitAuditAsync(string locale, bool scripts)
    {
        App.AddVideo("课程.mp4");
        var visitor = await VisitLibraryAsync(locale, 1, scripts);
        using var client = App.CreateClient();
        var export = await App.ExportAsync(client, new { all = true });
        await client.GetByteArrayAsync(export.GetProperty("downloadUrl").GetString());
        var finished = new AuditQuery(Action: AuditActions.DownloadFinished);
        await Eventually.HoldsAsync(async () => (await App.Get<AuditTrail>().QueryAsync(finished, CancellationToken.None)).Total == 1);
        await visitor.GoAsync("/audit");
        return visitor;
    }

    private static async Task ChooseDownloadsAsync(Visitor visitor)
    {
        await visitor.Page.GetByRole(AriaRole.Combobox).SelectOptionAsync(AuditActions.DownloadFinished);
        await visitor.Button(visitor.Words.Locale == Words.Zh ? "应用" : "Apply").ClickAsync();
        await visitor.ReachesAsync("action=");
    }

    private static ILocator Rows(Visitor visitor) => visitor.Page.Locator("tbody").GetByRole(AriaRole.Row);
}
