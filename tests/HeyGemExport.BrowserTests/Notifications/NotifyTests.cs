namespace HeyGemExport.BrowserTests.Notifications;

/// <summary>The system's notification for the person who waits in another tab.</summary>
public sealed class NotifyTests(Chromium chromium) : BrowserTest<HeldApp>(chromium, new HeldApp())
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
        """;

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

    private async Task<(Visitor Visitor, string Id)> WaitAsync(string locale, string answer)
    {
        var visitor = await VisitLibraryAsync(locale, AddSamples());
        await visitor.Page.AddInitScriptAsync(Stub + $"window.answer = '{answer}';");
        await visitor.AskAsync();
        return (visitor, await visitor.ConfirmAsync());
    }
}
