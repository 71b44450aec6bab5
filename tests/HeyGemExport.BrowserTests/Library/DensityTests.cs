namespace HeyGemExport.BrowserTests.Library;

/// <summary>How much of the library is on the first screen.</summary>
public sealed class DensityTests(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    [BrowserTheory]
    [InlineData(Words.Zh, 1280, 800, 9)]
    [InlineData(Words.En, 1280, 800, 9)]
    [InlineData(Words.Zh, 390, 844, 5)]
    [InlineData(Words.En, 390, 844, 5)]
    public async Task So_many_videos_are_whole_on_the_first_screen(string locale, int width, int height, int least)
    {
        AddVideos();
        foreach (var address in new[] { "/", "/?batch=course" })
        {
            var visitor = await VisitLibraryAsync(new(locale, Width: width, Height: height), 20);
            await visitor.GoAsync(address);

            Assert.InRange(await CountWholeRowsAsync(visitor), least, 20);
        }
    }

    [BrowserFact]
    public async Task Inside_a_batch_the_page_is_about_the_batch()
    {
        AddVideos();
        var visitor = await VisitLibraryAsync(Words.En, 20);

        await visitor.GoAsync("/?batch=course");

        await Assertions.Expect(visitor.Heading("course")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.Locator("#summary")).ToContainTextAsync("20 videos");
        await Assertions.Expect(visitor.Page.Locator(".row a[href*='batch=']")).ToHaveCountAsync(0);
        await visitor.Page.GetByText("Edit tags").ClickAsync();
        await visitor.Page.Locator("#batch-tags").GetByLabel("Tag", new() { Exact = true }).FillAsync("client A");
        await visitor.Button("Add tag").ClickAsync();
        var tags = visitor.Page.GetByRole(AriaRole.List, new() { Name = "Tags of this batch" });
        await Assertions.Expect(tags.GetByRole(AriaRole.Link)).ToHaveTextAsync("client A");
        await visitor.Page.Locator("#summary").GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(visitor.Heading("Library")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task Tags_come_where_the_mouse_or_the_focus_is_and_move_nothing()
    {
        AddVideos();
        var visitor = await VisitLibraryAsync(Words.En, 20);
        var row = visitor.Page.Locator(".row").First;
        var tag = row.GetByRole(AriaRole.Link, new() { Name = "+ Tag" });
        await Assertions.Expect(tag).ToBeHiddenAsync();
        var height = (await row.BoundingBoxAsync())!.Height;

        await row.HoverAsync();
        await Assertions.Expect(tag).ToBeVisibleAsync();
        await visitor.Page.Mouse.MoveAsync(5, 5);
        await Assertions.Expect(tag).ToBeHiddenAsync();
        await row.GetByRole(AriaRole.Checkbox).FocusAsync();

        await Assertions.Expect(tag).ToBeVisibleAsync();
        Assert.Equal(height, (await row.BoundingBoxAsync())!.Height);
        Assert.InRange(height, 50, 60);
    }

    [BrowserTheory]
    [InlineData(Words.Zh, 320)]
    [InlineData(Words.En, 320)]
    [InlineData(Words.En, 390)]
    public async Task A_narrow_phone_cuts_no_filter_and_the_pack_bar_takes_two_lines(string locale, int width)
    {
        AddVideos();
        var visitor = await VisitLibraryAsync(new(locale, Width: width, Height: 640), 20);

        // Whoever has downloaded something has one button more.
        await visitor.Page.EvaluateAsync("""
            async () => (await fetch('/downloads/course/speech_portrait_generated_20251219_143001.mp4')).arrayBuffer()
            """);
        await Eventually.HoldsAsync(async () =>
        {
            await visitor.GoAsync("/");
            return await visitor.Page.Locator(".button-new").CountAsync() == 1;
        });

        await visitor.ShowAsync($"narrow {width} {locale}");
        Assert.Empty(await visitor.Page.EvaluateAsync<string[]>("""
            () => {
              const arrow = 20;
              return [...document.querySelectorAll('.filters select')].filter((select) => {
                const style = getComputedStyle(select);
                const pen = document.createElement('canvas').getContext('2d');
                pen.font = style.font;
                const free = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow;
                return pen.measureText(select.selectedOptions[0].text).width > free;
              }).map((select) => `${select.name}: ${select.clientWidth}`);
            }
            """));
        Assert.InRange((await visitor.Page.Locator(".packbar").BoundingBoxAsync())!.Height, 60, 80);
        await visitor.Page.SetViewportSizeAsync(width, 844);
        Assert.InRange(await CountWholeRowsAsync(visitor), width < 390 ? 3 : 5, 20);
    }

    private static Task<int> CountWholeRowsAsync(Visitor visitor) => visitor.Page.EvaluateAsync<int>("""
        () => {
          const bar = document.querySelector('.packbar');
          const end = getComputedStyle(bar).position === 'fixed' ? bar.getBoundingClientRect().top : innerHeight;
          return [...document.querySelectorAll('.row')].filter((row) => row.getBoundingClientRect().bottom <= end).length;
        }
        """);

    private void AddVideos()
    {
        foreach (var number in Enumerable.Range(1, 20))
        {
            App.AddVideo($"course/speech_portrait_generated_20251219_1430{number:00}.mp4", 4096, number);
        }
    }
}
