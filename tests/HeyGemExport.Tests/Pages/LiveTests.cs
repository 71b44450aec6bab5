using AngleSharp.Dom;
using HeyGemExport.Library;

namespace HeyGemExport.Tests.Pages;

/// <summary>What a page sends to its script, which says what it has.</summary>
public sealed class LiveTests : IDisposable
{
    private readonly ExportApp app = new();

    [Fact]
    public async Task What_the_script_has_is_not_sent_again()
    {
        foreach (var number in Enumerable.Range(1, 20))
        {
            app.AddVideo($"b/{number:00}.mp4", seed: number);
        }

        using var visitor = await PageVisitor.OfAsync(app);
        var first = await visitor.OpenAsync("/?batch=b");
        var known = Hashes(first);

        var same = await AskAsync(visitor, known);
        Assert.Equal(TopHashes(first), TopHashes(same));
        Assert.All(same.QuerySelectorAll("[data-live]"), part => Assert.Empty(part.ChildNodes));

        app.AddVideo("b/07.mp4", length: 4096, seed: 7);
        await app.Get<LibraryIndex>().RefreshAsync(CancellationToken.None);
        var changed = await AskAsync(visitor, known);
        var rows = changed.QuerySelectorAll("#videos .row");
        Assert.Equal(20, rows.Length);
        Assert.Contains("07.mp4", Assert.Single(rows, row => row.HasChildNodes).TextContent, StringComparison.Ordinal);
        Assert.False(changed.QuerySelector("#views")!.HasChildNodes);
        Assert.True(changed.QuerySelector("#summary")!.HasChildNodes);
    }

    public void Dispose() => app.Dispose();

    private static string Hashes(IDocument page) =>
        string.Join(',', page.QuerySelectorAll("[data-live]").Select(part => part.GetAttribute("data-live")));

    private static string[] TopHashes(IDocument page) =>
        [.. page.QuerySelectorAll("[data-live][id]").Select(part => part.GetAttribute("data-live")!)];

    private static async Task<IDocument> AskAsync(PageVisitor visitor, string known)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/?batch=b") { Headers = { { "X-Live", known } } };
        using var response = await visitor.AskAsync(request);
        return new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync());
    }
}
