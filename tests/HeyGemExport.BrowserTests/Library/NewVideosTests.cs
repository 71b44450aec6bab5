using HeyGemExport.Library;

namespace HeyGemExport.BrowserTests.Library;

/// <summary>What somebody has not downloaded yet.</summary>
public sealed class NewVideosTests(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    [BrowserTheory]
    [InlineData(Words.Zh, true, "未下载", "2 个未下载", "只打包未下载的")]
    [InlineData(Words.En, true, "New", "2 new", "Pack new")]
    [InlineData(Words.En, false, "New", "2 new", "Pack new")]
    public async Task Is_marked_and_packed_with_one_button(string locale, bool scripts, string badge, string count, string only)
    {
        App.AddVideo("培训/第1课.mp4");
        App.AddVideo("培训/第2课.mp4", seed: 2);
        var visitor = await VisitLibraryAsync(locale, 2, scripts);
        await Assertions.Expect(visitor.Page.Locator(".badge-new")).ToHaveCountAsync(0);
        await Assertions.Expect(visitor.Button(only)).ToHaveCountAsync(0);
        await DownloadAsync(visitor);

        App.AddVideo("培训/第3课.mp4", seed: 3);
        App.AddVideo("培训/第4课.mp4", seed: 4);
        await GoToLibraryAsync(visitor, 4);

        await Assertions.Expect(visitor.Page.Locator(".row .badge-new")).ToHaveTextAsync([badge, badge]);
        await Assertions.Expect(visitor.Page.Locator(".row", new() { HasText = "第3课" }).Locator(".badge-new")).ToHaveCountAsync(1);
        await Assertions.Expect(visitor.Page.Locator(".batch .badge-new")).ToHaveTextAsync(count);
        await visitor.ShowAsync($"new {locale}");

        await visitor.Button(only).ClickAsync();
        await Assertions.Expect(visitor.Figure(visitor.Words.Videos)).ToHaveTextAsync("2");
        await Assertions.Expect(visitor.Card.Locator(".contents-batch")).ToContainTextAsync("第4课.mp4");
        await Assertions.Expect(visitor.Card.Locator("[name=NewOnly]")).ToBeCheckedAsync();
        await visitor.ShowAsync($"card of new {locale}");

        // Whoever wants all of them after all says so on the card.
        await visitor.Card.Locator("[name=NewOnly]").UncheckAsync();
        if (!scripts)
        {
            await visitor.Card.GetByText("Update").ClickAsync();
        }

        await Assertions.Expect(visitor.Figure(visitor.Words.Videos)).ToHaveTextAsync("4");
        await Assertions.Expect(visitor.Card.Locator("[name=NewOnly]")).Not.ToBeCheckedAsync();
    }

    [BrowserFact]
    public async Task What_is_picked_is_narrowed_to_what_is_new()
    {
        App.AddVideo("a/1.mp4");
        var visitor = await VisitLibraryAsync(Words.En, 1);
        await DownloadAsync(visitor);
        App.AddVideo("a/2.mp4", seed: 2);
        App.AddVideo("b/3.mp4", seed: 3);
        await GoToLibraryAsync(visitor, 3);

        await visitor.Page.Locator(".batch", new() { HasText = "2 videos" }).GetByRole(AriaRole.Checkbox).CheckAsync();
        await visitor.Button("Pack new").ClickAsync();

        await Assertions.Expect(visitor.Figure(visitor.Words.Videos)).ToHaveTextAsync("1");
        await Assertions.Expect(visitor.Card.Locator(".contents-batch")).ToContainTextAsync("2.mp4");
    }

    [BrowserFact]
    public async Task The_list_learns_of_a_download_by_itself()
    {
        App.AddVideo("a/1.mp4");
        App.AddVideo("b/2.mp4", seed: 2);
        var visitor = await VisitLibraryAsync(Words.En, 2);
        await visitor.Page.Locator(".row", new() { HasText = "1.mp4" }).GetByRole(AriaRole.Checkbox).CheckAsync();
        await DownloadAsync(visitor);
        await GoToLibraryAsync(visitor, 2);
        await Assertions.Expect(visitor.Page.Locator(".row .badge-new")).ToHaveCountAsync(1);

        await visitor.Page.EvaluateAsync("""
            async () => {
              const headers = { 'Content-Type': 'application/json' };
              const asked = await fetch('/api/v1/exports', { method: 'POST', headers, body: '{"selection":{"batches":["b"]}}' });
              const { id } = await asked.json();
              for (;;) {
                const got = await fetch(`/exports/${id}/download`);
                if (got.ok) return (await got.arrayBuffer()).byteLength;
                await new Promise((resolve) => setTimeout(resolve, 50));
              }
            }
            """);

        await Assertions.Expect(visitor.Page.Locator(".row .badge-new")).ToHaveCountAsync(0);
    }

    private static async Task DownloadAsync(Visitor visitor)
    {
        await visitor.AskAsync();
        await visitor.ConfirmAsync();
        await Assertions.Expect(visitor.Heading(visitor.Words.Ready)).ToBeVisibleAsync();
        if (visitor.Downloads.Count == 0)
        {
            await visitor.DownloadAsync(() => visitor.Page.EvaluateAsync(
                "() => document.querySelector('[data-download], a[href$=\"/download\"]').click()"));
        }

        await visitor.Downloads[0].PathAsync();
    }

    private async Task GoToLibraryAsync(Visitor visitor, int videos)
    {
        await Eventually.HoldsAsync(() => App.Get<LibraryIndex>().Current.Videos.Count == videos);
        await Eventually.HoldsAsync(async () =>
        {
            await visitor.GoAsync("/");
            return await visitor.Page.Locator(".badge-new, .button-new").CountAsync() > 0;
        });
    }
}
