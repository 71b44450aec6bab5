namespace HeyGemExport.BrowserTests.Notifications;

/// <summary>How the person is told who waits in another tab.</summary>
public sealed class NotifyTests(Chromium chromium) : BrowserTest<HeldApp>(chromium, Host())
{
    // The browser's own cannot be seen by a test; this one says what it was given, and answers the question as it is told.
    private const string Stub = """
        window.shown = [];
        window.Notification = class extends EventTarget {
          static permission = 'default';
          static async requestPermission() { return Notification.permission = window.answer; }
          constructor(title, options) { super(); window.shown.push({ title, ...options }); }
          close() {}
        };
        Object.defineProperty(document, 'hidden', { get: () => Boolean(window.away) });
        document.hasFocus = () => !window.away;
        window.rung = 0;
        window.AudioContext = class {
          currentTime = 0;
          resume() {}
          createGain() { return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect: (next) => next }; }
          createOscillator() {
            return { frequency: {}, connect: (next) => next, start() { window.rung += 1; }, stop() {} };
          }
        };
        """;

    private static HeldApp Host()
    {
        var app = new HeldApp();
        app.Settings["AllowedHosts"] = $"{Chromium.LanHost};127.0.0.1";
        return app;
    }

    [BrowserTheory]
    [InlineData(Words.Zh, "完成后通知我", "压缩包已就绪")]
    [InlineData(Words.En, "Notify me when it is done", "")]
    public async Task Who_asked_for_it_is_told_in_the_background(string locale, string ask, string title)
    {
        var (visitor, id) = await WaitAsync(locale, answer: "granted");
        await visitor.Button(ask).ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("[data-notifying]")).ToBeVisibleAsync();
        await visitor.Page.EvaluateAsync("() => { window.away = true; }");

        await App.RunAsync(id);

        await visitor.Page.WaitForFunctionAsync("() => window.shown.length === 1");
        var shown = await visitor.Page.EvaluateAsync<string>("() => window.shown[0].title");
        Assert.Equal(title.Length > 0 ? title : visitor.Words.Ready, shown);
        Assert.Equal(id, await visitor.Page.EvaluateAsync<string>("() => window.shown[0].tag"));
    }

    [BrowserTheory]
    [InlineData("granted", false)]
    [InlineData("denied", true)]
    public async Task Nobody_is_told_who_looks_at_the_page_or_refused(string answer, bool away)
    {
        var (visitor, id) = await WaitAsync(Words.Zh, answer);
        await visitor.Button("完成后通知我").ClickAsync();
        await Assertions.Expect(visitor.Button("完成后通知我")).ToBeHiddenAsync();
        await visitor.Page.EvaluateAsync("away => { window.away = away; }", away);

        await App.RunAsync(id);

        await Assertions.Expect(visitor.Heading(visitor.Words.Ready)).ToBeVisibleAsync();
        Assert.Equal(0, await visitor.Page.EvaluateAsync<int>("() => window.shown.length"));
    }

    [BrowserTheory]
    [InlineData(Words.Zh)]
    [InlineData(Words.En)]
    public async Task On_plain_http_the_tab_tells_by_title_and_picture_until_somebody_looks(string locale)
    {
        var (visitor, id) = await WaitAsync(locale, answer: "granted", Chromium.LanHost);
        await Assertions.Expect(visitor.Page.Locator("[data-notify]")).ToBeHiddenAsync();
        await visitor.Page.EvaluateAsync("() => { window.away = true; }");

        await App.RunAsync(id);

        await TitleAsync(visitor, $"(1) {visitor.Words.Ready} · ");
        await PictureAsync(visitor, "/img/gem-ended.");
        await visitor.Page.EvaluateAsync("() => { window.away = false; window.dispatchEvent(new Event('focus')); }");
        await TitleAsync(visitor, $"{visitor.Words.Ready} · ");
        await PictureAsync(visitor, "/img/gem.");
        Assert.Equal(0, await visitor.Page.EvaluateAsync<int>("() => window.rung"));
    }

    [BrowserFact]
    public async Task A_sound_is_a_choice_that_the_browser_remembers()
    {
        var (visitor, id) = await WaitAsync(Words.Zh, answer: "denied", Chromium.LanHost);
        var box = visitor.Page.GetByLabel("完成时播放提示音");
        await Assertions.Expect(box).Not.ToBeCheckedAsync();
        await visitor.ShowAsync("waiting with the choice of a sound");
        await box.CheckAsync();
        Assert.Equal(2, await visitor.Page.EvaluateAsync<int>("() => window.rung"));
        await visitor.Page.ReloadAsync();
        await Assertions.Expect(box).ToBeCheckedAsync();

        await App.RunAsync(id);

        await visitor.Page.WaitForFunctionAsync("() => window.rung === 2");
        await TitleAsync(visitor, $"{visitor.Words.Ready} · ");
    }

    private static async Task TitleAsync(Visitor visitor, string beginning) =>
        await visitor.Page.WaitForFunctionAsync("beginning => document.title.startsWith(beginning)", beginning);

    private static async Task PictureAsync(Visitor visitor, string part) =>
        await visitor.Page.WaitForFunctionAsync("part => document.querySelector('link[rel=icon]').href.includes(part)", part);

    private async Task<(Visitor Visitor, string Id)> WaitAsync(string locale, string answer, string? host = null)
    {
        var visitor = await VisitLibraryAsync(new VisitorOptions(locale, Host: host), AddSamples());
        await visitor.Page.AddInitScriptAsync(Stub + $"window.answer = '{answer}';");
        await visitor.AskAsync();
        return (visitor, await visitor.ConfirmAsync());
    }
}
