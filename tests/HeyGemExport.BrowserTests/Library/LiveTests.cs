using HeyGemExport.Library;

namespace HeyGemExport.BrowserTests.Library;

/// <summary>The list keeps itself up to date.</summary>
public sealed class LiveTests(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    [BrowserFact]
    public async Task An_update_brings_what_changed_and_leaves_the_rest_and_the_person_alone()
    {
        foreach (var number in Enumerable.Range(1, 50))
        {
            App.AddVideo($"course/lesson{number:00}.mp4", 4096, number);
        }

        App.AddVideo("other/elsewhere.mp4", 4096, 51);
        var visitor = await VisitLibraryAsync(Words.En, 51);
        await visitor.GoAsync("/?batch=course&sort=name");
        await visitor.Page.GetByLabel("Select lesson03.mp4").CheckAsync();
        await visitor.Page.GetByLabel("Select batch other").CheckAsync();
        await visitor.Page.GetByText("1 not in this list").ClickAsync();
        await visitor.Page.GetByText("Edit tags").ClickAsync();
        await visitor.Page.Locator("#batch-tags input[type=text]").FillAsync("half a t");
        await visitor.Page.Locator("#batch-tags input[type=text]").PressAsync("ArrowLeft");
        await visitor.Page.EvaluateAsync("() => document.querySelectorAll('.row').forEach((row) => { row.mark = true; })");

        var update = visitor.Page.WaitForResponseAsync(response => response.Request.Headers.ContainsKey("x-live"));
        App.AddVideo("course/lesson01.mp4", 8192, 1);
        App.AddVideo("course/lesson60.mp4", 4096, 60);
        await App.Get<LibraryIndex>().RefreshAsync(CancellationToken.None);
        var answer = await update;
        await Assertions.Expect(visitor.Page.Locator("#summary")).ToContainTextAsync("51 videos");

        var kept = await visitor.Page.EvaluateAsync<int>("() => [...document.querySelectorAll('.row')].filter((row) => row.mark).length");
        Assert.Equal(49, kept);
        Assert.InRange((await answer.Request.SizesAsync()).ResponseBodySize, 1, 8_000);
        await Assertions.Expect(visitor.Page.GetByLabel("Select lesson03.mp4")).ToBeCheckedAsync();
        await Assertions.Expect(visitor.Button("Unselect all of these")).ToBeVisibleAsync();
        var typed = visitor.Page.Locator("#batch-tags input[type=text]");
        await Assertions.Expect(typed).ToHaveValueAsync("half a t");
        await Assertions.Expect(typed).ToBeFocusedAsync();
        await visitor.Page.Keyboard.TypeAsync("!");
        await Assertions.Expect(typed).ToHaveValueAsync("half a !t");
    }

    [BrowserFact]
    public async Task The_focus_stays_on_what_an_update_exchanges()
    {
        App.AddVideo("b/one.mp4", 4096, 1);
        App.AddVideo("b/two.mp4", 4096, 2);
        var visitor = await VisitLibraryAsync(Words.En, 2);
        await visitor.Page.GetByLabel("Select one.mp4").CheckAsync();
        await visitor.Page.GetByLabel("Select two.mp4").CheckAsync();
        await visitor.GoAsync("/?q=nothing");
        await visitor.Page.GetByText("2 not in this list").ClickAsync();
        await visitor.Button("Unselect b/two.mp4").FocusAsync();
        await visitor.Page.EvaluateAsync("() => { document.getElementById('packbar').dataset.old = ''; }");

        App.AddVideo("nothing.mp4", 4096, 3);
        await App.Get<LibraryIndex>().RefreshAsync(CancellationToken.None);

        await Assertions.Expect(visitor.Page.Locator("#packbar[data-old]")).ToHaveCountAsync(0);
        await Assertions.Expect(visitor.Button("Unselect b/two.mp4")).ToBeFocusedAsync();
    }
}
