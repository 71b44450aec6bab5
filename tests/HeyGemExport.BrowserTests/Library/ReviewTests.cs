using HeyGemExport.Library;

namespace HeyGemExport.BrowserTests.Library;

/// <summary>Looking at many videos one after another, and picking some.</summary>
public sealed class ReviewTests(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    [BrowserFact]
    public async Task Sixty_clips_take_sixty_keys()
    {
        await AddClipsAsync(60);
        var visitor = await VisitLibraryAsync(Words.En, 60);
        await visitor.GoAsync("/?sort=name");
        await visitor.Link("Play clip01.mp4").ClickAsync();
        var dialog = visitor.Page.GetByRole(AriaRole.Dialog);

        foreach (var number in Enumerable.Range(1, 60))
        {
            await Assertions.Expect(dialog.GetByRole(AriaRole.Heading)).ToHaveTextAsync($"clip{number:00}.mp4");
            await Assertions.Expect(dialog.Locator("[data-place]")).ToHaveTextAsync($"{number} / 60");
            await visitor.Page.Keyboard.PressAsync(number % 10 == 0 ? "Enter" : "ArrowDown");
        }

        await Assertions.Expect(dialog.Locator("[data-picked]")).ToContainTextAsync("6 selected");
        await visitor.Page.Keyboard.PressAsync("Escape");
        await visitor.AskAsync();
        await Assertions.Expect(visitor.Figure(visitor.Words.Videos)).ToHaveTextAsync("6");
    }

    [BrowserFact]
    public async Task Speed_and_sound_stay_and_picks_are_those_of_the_list()
    {
        await AddClipsAsync(3);
        var visitor = await VisitLibraryAsync(Words.Zh, 3);
        await visitor.GoAsync("/?sort=name");
        await visitor.Page.GetByLabel("选择 clip02.mp4").CheckAsync();
        await visitor.Link("播放 clip01.mp4").ClickAsync();
        var dialog = visitor.Page.GetByRole(AriaRole.Dialog);
        await PlaysAsync(visitor);

        await visitor.Page.Keyboard.PressAsync("]");
        await visitor.Page.Keyboard.PressAsync("m");
        await visitor.Page.Keyboard.PressAsync("x");
        await visitor.Button("下一个").ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Heading)).ToHaveTextAsync("clip02.mp4");
        await PlaysAsync(visitor);

        Assert.Equal("1.25 true", await visitor.Page.EvaluateAsync<string>(
            "() => { const video = document.querySelector('dialog video'); return `${video.playbackRate} ${video.muted}`; }"));
        var pick = dialog.GetByRole(AriaRole.Checkbox, new() { Name = "选择" });
        await Assertions.Expect(pick).ToBeCheckedAsync();
        await pick.UncheckAsync();
        await visitor.Page.Keyboard.PressAsync("p");
        await Assertions.Expect(pick).ToBeCheckedAsync();
        await Assertions.Expect(dialog.Locator(".player-keys")).ToContainTextAsync("选择并看下一个");
        await visitor.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(visitor.Page.GetByLabel("选择 clip01.mp4")).ToBeCheckedAsync();
        await Assertions.Expect(visitor.Page.GetByLabel("选择 clip02.mp4")).Not.ToBeCheckedAsync();
        await Assertions.Expect(visitor.Link("播放 clip01.mp4")).ToBeFocusedAsync();
    }

    [BrowserFact]
    public async Task On_a_phone_a_swipe_leads_on_and_back()
    {
        await AddClipsAsync(3);
        var visitor = await VisitLibraryAsync(new(Words.En, Width: 390, Height: 844), 3);
        await visitor.GoAsync("/?sort=name");
        await visitor.Link("Play clip02.mp4").ClickAsync();
        var title = visitor.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Heading);
        var touch = await visitor.Page.Context.NewCDPSessionAsync(visitor.Page);

        await SwipeAsync(touch, 300, 100);
        await Assertions.Expect(title).ToHaveTextAsync("clip03.mp4");
        await SwipeAsync(touch, 100, 300);
        await SwipeAsync(touch, 200, 220);
        await Assertions.Expect(title).ToHaveTextAsync("clip02.mp4");
    }

    [BrowserTheory]
    [InlineData(Words.Zh, 1280, 800)]
    [InlineData(Words.En, 390, 844)]
    [InlineData(Words.En, 320, 640)]
    public async Task The_player_fits_the_screen_and_axe_finds_nothing(string locale, int width, int height)
    {
        await AddClipsAsync(2);
        var visitor = await VisitLibraryAsync(new(locale, Width: width, Height: height), 2);
        await visitor.Page.Locator("a[data-play]").First.ClickAsync();
        await PlaysAsync(visitor);

        Assert.Empty(await visitor.LookAsync("player"));
        var box = (await visitor.Page.GetByRole(AriaRole.Dialog).BoundingBoxAsync())!;
        Assert.True(box.Y >= 0 && box.Y + box.Height <= height && box.X + box.Width <= width);
        Assert.True(await visitor.Page.EvaluateAsync<bool>(
            "() => { const player = document.getElementById('player'); return player.scrollHeight <= player.clientHeight + 1; }"));
    }

    private static async Task PlaysAsync(Visitor visitor) => await visitor.Page.WaitForFunctionAsync("""
        () => {
          const video = document.querySelector('dialog video');
          const title = document.querySelector('dialog h2').textContent;
          return video && video.readyState >= 2 && video.videoWidth > 0 && decodeURIComponent(video.currentSrc).endsWith(title);
        }
        """);

    private static async Task SwipeAsync(ICDPSession touch, int from, int to)
    {
        foreach (var (type, x) in new[] { ("touchStart", from), ("touchMove", (from + to) / 2), ("touchMove", to), ("touchEnd", to) })
        {
            object[] points = type is "touchEnd" ? [] : [new { x, y = 260 }];
            await touch.SendAsync("Input.dispatchTouchEvent", new() { ["type"] = type, ["touchPoints"] = points });
        }
    }

    private async Task AddClipsAsync(int count)
    {
        await ExternalTools.RunAsync(
            App.Outputs, "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=10:duration=20", "-f", "lavfi", "-i",
            "sine=duration=20", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "clip01.mp4");
        foreach (var number in Enumerable.Range(2, count - 1))
        {
            File.Copy(Path.Combine(App.Outputs, "clip01.mp4"), Path.Combine(App.Outputs, $"clip{number:00}.mp4"));
        }

        App.StartServer();
        await Eventually.HoldsAsync(() => App.Get<LibraryIndex>().Current.Counts.GetValueOrDefault(VideoState.Ready) == count);
    }
}
