namespace HeyGemExport.BrowserTests.Library;

/// <summary>Picking many videos with few actions, and finding them.</summary>
public sealed class SelectingTests(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    [BrowserFact]
    public async Task A_click_on_the_row_picks_and_Shift_picks_all_in_between()
    {
        var visitor = await VisitVideosAsync(Words.En, 12);

        await ClickRowAsync(visitor, "clip02.mp4");
        await Assertions.Expect(visitor.Page.GetByText("1 selected")).ToBeVisibleAsync();
        await ClickRowAsync(visitor, "clip05.mp4", KeyboardModifier.Shift);
        await Assertions.Expect(visitor.Page.GetByText("4 selected")).ToBeVisibleAsync();
        await Pick(visitor, "clip08.mp4").ClickAsync();
        await Pick(visitor, "clip11.mp4").ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await Assertions.Expect(visitor.Page.GetByText("8 selected")).ToBeVisibleAsync();
        await ClickRowAsync(visitor, "clip09.mp4");
        await ClickRowAsync(visitor, "clip10.mp4", KeyboardModifier.Shift);

        await Assertions.Expect(visitor.Page.GetByText("6 selected")).ToBeVisibleAsync();
        Assert.Equal("", await visitor.Page.EvaluateAsync<string>("() => getSelection().toString()"));
        await visitor.AskAsync();
        await Assertions.Expect(visitor.Figure(visitor.Words.Videos)).ToHaveTextAsync("6");
    }

    [BrowserFact]
    public async Task Ctrl_A_picks_the_page_and_one_more_click_everything_that_matches()
    {
        var visitor = await VisitVideosAsync(Words.Zh, 59);
        await visitor.Page.GetByRole(AriaRole.Searchbox, new() { Name = "按名称或文件夹搜索" }).FocusAsync();
        await visitor.Page.Keyboard.PressAsync("Control+a");
        await Assertions.Expect(visitor.Page.Locator("[data-pack-picked]")).ToBeHiddenAsync();

        await visitor.Page.Locator("#main").FocusAsync();
        await visitor.Page.Keyboard.PressAsync("Control+a");
        await Assertions.Expect(visitor.Page.Locator("[data-pack-picked]")).ToContainTextAsync("已选 50 个");
        await visitor.Button("选择符合条件的全部 59 个").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("[data-pack-picked]")).ToContainTextAsync("已选 59 个");
        await Assertions.Expect(visitor.Button("选择符合条件的全部 59 个")).ToBeHiddenAsync();

        await visitor.AskAsync();
        await Assertions.Expect(visitor.Figure(visitor.Words.Videos)).ToHaveTextAsync("59");
    }

    [BrowserFact]
    public async Task The_list_follows_what_is_typed_and_that_is_what_is_packed()
    {
        var visitor = await VisitVideosAsync(Words.En, 12);
        var field = visitor.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Search by name or folder" });
        var before = await visitor.Page.EvaluateAsync<int>("() => history.length");

        await field.PressSequentiallyAsync("clip0");
        await Assertions.Expect(visitor.Page.Locator(".row")).ToHaveCountAsync(9);
        await field.PressSequentiallyAsync("3");
        await Assertions.Expect(visitor.Page.Locator(".row")).ToHaveCountAsync(1);

        await Assertions.Expect(field).ToBeFocusedAsync();
        await Assertions.Expect(field).ToHaveValueAsync("clip03");
        Assert.EndsWith("?q=clip03&sort=name", visitor.Page.Url, StringComparison.Ordinal);
        Assert.Equal(before, await visitor.Page.EvaluateAsync<int>("() => history.length"));
        await Assertions.Expect(visitor.Page.GetByLabel("Name of this filter")).ToBeVisibleAsync();
        await visitor.AskAsync();
        await Assertions.Expect(visitor.Figure(visitor.Words.Videos)).ToHaveTextAsync("1");
        await visitor.Page.Keyboard.PressAsync("Escape");
        await field.FillAsync("");
        await Assertions.Expect(visitor.Page.Locator(".row")).ToHaveCountAsync(12);
        await Assertions.Expect(visitor.Page.GetByLabel("Name of this filter")).ToBeHiddenAsync();
    }

    [BrowserTheory]
    [InlineData(Words.Zh, "今天", "昨天", "本周", "指定日期…", "从", true)]
    [InlineData(Words.En, "Today", "Yesterday", "This week", "Dates…", "From", true)]
    [InlineData(Words.En, "Today", "Yesterday", "This week", "Dates…", "From", false)]
    public async Task Videos_are_found_by_the_days_of_their_making(
        string locale, string today, string yesterday, string week, string dates, string from, bool scripts)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        foreach (var (name, at) in new[] { ("now", now), ("a-day-ago", now.AddDays(-1)), ("long-ago", now.AddDays(-40)) })
        {
            App.AddVideo(name + ".mp4");
            File.SetLastWriteTimeUtc(Path.Combine(App.Outputs, name + ".mp4"), at);
        }

        var visitor = await VisitLibraryAsync(locale, 3, scripts);
        await ChooseAsync(today);
        await Assertions.Expect(visitor.Page.Locator(".row-name")).ToHaveTextAsync(["now.mp4"]);
        await ChooseAsync(yesterday);
        await Assertions.Expect(visitor.Page.Locator(".row-name")).ToHaveTextAsync(["a-day-ago.mp4"]);
        await ChooseAsync(week);
        await Assertions.Expect(visitor.Page.Locator(".row-name").First).ToHaveTextAsync("now.mp4");
        await ChooseAsync(dates);
        await visitor.Page.GetByLabel(from, new() { Exact = true }).FillAsync($"{now.AddDays(-50):yyyy-MM-dd}");
        await ApplyAsync();
        await visitor.ReachesAsync("from=2");
        await visitor.Page.Locator("input[name=to]").FillAsync($"{now.AddDays(-30):yyyy-MM-dd}");
        await ApplyAsync();
        await Assertions.Expect(visitor.Page.Locator(".row-name")).ToHaveTextAsync(["long-ago.mp4"]);

        await visitor.AskAsync();
        await Assertions.Expect(visitor.Figure(visitor.Words.Videos)).ToHaveTextAsync("1");

        async Task ChooseAsync(string option)
        {
            await visitor.Page.Locator("select[name=days]").SelectOptionAsync(new SelectOptionValue { Label = option });
            await ApplyAsync();
        }

        async Task ApplyAsync()
        {
            if (!scripts)
            {
                await visitor.Button("Apply").ClickAsync();
            }
        }
    }

    [BrowserFact]
    public async Task Today_is_that_of_the_person()
    {
        App.AddVideo("a.mp4");
        File.SetLastWriteTimeUtc(Path.Combine(App.Outputs, "a.mp4"), new DateTime(2026, 1, 2, 3, 0, 0, DateTimeKind.Utc));
        var visitor = await VisitLibraryAsync(Words.En, 1);
        var session = await visitor.Page.Context.NewCDPSessionAsync(visitor.Page);
        foreach (var (zone, found) in new[] { ("America/New_York", 1), ("Asia/Shanghai", 0) })
        {
            await session.SendAsync("Emulation.setTimezoneOverride", new() { ["timezoneId"] = zone });
            await visitor.GoAsync("/");
            await visitor.GoAsync("/?days=range&from=2026-01-01&to=2026-01-01");

            await Assertions.Expect(visitor.Page.Locator(".row")).ToHaveCountAsync(found);
        }
    }

    [BrowserFact]
    public async Task The_pack_button_is_reached_with_few_keys()
    {
        var visitor = await VisitVideosAsync(Words.En, 12);
        var stops = 0;
        string focused;
        do
        {
            await visitor.Page.Keyboard.PressAsync("Tab");
            focused = await visitor.Page.EvaluateAsync<string>("() => document.activeElement.textContent");
            stops++;
        }
        while (focused is not "Skip to packing" && stops < 10);

        await visitor.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visitor.Button(visitor.Words.Pack)).ToBeFocusedAsync();
        Assert.InRange(stops + 1, 2, 9);
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visitor.Card).ToBeVisibleAsync();
    }

    private static ILocator Pick(Visitor visitor, string name) => visitor.Page.GetByLabel($"Select {name}");

    // Beside what is a link.
    private static Task ClickRowAsync(Visitor visitor, string name, params KeyboardModifier[] modifiers) =>
        visitor.Page.Locator(".row", new() { HasText = name }).Locator(".row-size").ClickAsync(new() { Modifiers = modifiers });

    private async Task<Visitor> VisitVideosAsync(string locale, int count)
    {
        foreach (var number in Enumerable.Range(1, count))
        {
            App.AddVideo($"clip{number:00}.mp4", 4096, number);
        }

        var visitor = await VisitLibraryAsync(locale, count);
        await visitor.GoAsync("/?sort=name");
        return visitor;
    }
}
