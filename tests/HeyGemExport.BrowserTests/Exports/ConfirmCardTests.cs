namespace HeyGemExport.BrowserTests.Exports;

/// <summary>The confirm card where there is little room.</summary>
public sealed class ConfirmCardTests(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    [BrowserTheory]
    [InlineData(Words.Zh, 320, 480)]
    [InlineData(Words.En, 320, 480)]
    [InlineData(Words.En, 390, 844)]
    public async Task A_small_phone_shows_title_warning_and_buttons_at_once(string locale, int width, int height)
    {
        var videos = AddSamples();
        await File.WriteAllTextAsync(
            Path.Combine(App.Outputs, "batch_20251219_1423", "tasks.json"),
            """[{ "name": "课程第01讲_王老师" }, { "name": "课程第09讲_王老师" }]""");
        var visitor = await VisitLibraryAsync(new VisitorOptions(locale, Width: width, Height: height), videos);
        await Assertions.Expect(visitor.Page.Locator(".batch-tasks")).ToHaveCountAsync(1);

        await visitor.AskAsync();

        await Assertions.Expect(visitor.Button(visitor.Words.Confirm)).ToBeFocusedAsync();
        await visitor.Page.AtRestAsync();
        await visitor.ShowAsync($"card {width} {locale}");
        ILocator[] seen =
        [
            visitor.Heading(visitor.Words.CardTitle),
            visitor.Page.Locator(".incomplete .notice-title"),
            visitor.Button(visitor.Words.Confirm),
        ];
        foreach (var part in seen)
        {
            var box = (await part.BoundingBoxAsync())!;
            Assert.InRange(box.Y, 0, height - box.Height);
            Assert.True(await part.EvaluateAsync<bool>(
                """
                element => {
                  const box = element.getBoundingClientRect();
                  const top = document.elementFromPoint(box.x + box.width / 2, box.bottom - 4);
                  return element.contains(top) || top.contains(element);
                }
                """));
        }

        var dialog = (await visitor.Page.GetByRole(AriaRole.Dialog).BoundingBoxAsync())!;
        var actions = (await visitor.Page.Locator(".confirm .actions").BoundingBoxAsync())!;
        Assert.InRange(actions.Y + actions.Height, dialog.Y, dialog.Y + dialog.Height);
    }

    [BrowserTheory]
    [InlineData(Words.Zh, 1280, "还有 1 个")]
    [InlineData(Words.En, 320, "and 1 more")]
    public async Task It_shows_posters_of_the_first_videos_of_each_batch_and_the_list_keeps_its_own(string locale, int width, string more)
    {
        AddSamples();
        var twin = Path.Combine(App.Outputs, "batch_20251219_1423", "课程第04讲_王老师.mp4");
        File.Copy(Path.Combine(App.Outputs, "batch_20251219_1423", "课程第01讲_王老师.mp4"), twin);
        var visitor = await VisitLibraryAsync(new VisitorOptions(locale, Width: width), 9);
        await Assertions.Expect(visitor.Page.Locator(".row > .thumb > .thumb-picture").First).ToBeVisibleAsync();

        await visitor.AskAsync();
        var pictures = visitor.Card.Locator(".contents-first .thumb");
        await Assertions.Expect(pictures).ToHaveCountAsync(8);
        for (var index = 0; index < 8; index++)
        {
            await pictures.Nth(index).ScrollIntoViewIfNeededAsync();
            await Assertions.Expect(pictures.Nth(index).Locator("> .thumb-picture")).ToHaveCountAsync(1);
        }

        await Assertions.Expect(visitor.Card.Locator(".contents-more")).ToHaveTextAsync([more]);
        await visitor.ShowAsync($"card with posters {width} {locale}");
        await visitor.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(visitor.Page.Locator(".row > .thumb").First.Locator("> .thumb-picture")).ToHaveCountAsync(1);
    }
}
