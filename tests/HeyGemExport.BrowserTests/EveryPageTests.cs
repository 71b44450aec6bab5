using HeyGemExport.Library;

namespace HeyGemExport.BrowserTests;

/// <summary>What has to hold on every page.</summary>
public sealed class EveryPageTests : BrowserTest
{
    private static readonly string[] HostileNames =
    [
        "<img src=x onerror=alert(1)>.mp4",
        "invoice_\u202Egpj.mp4",
        "\"double\" 'single' & more; <b>.mp4",
        "line\nbreak.mp4",
        "=cmd|'calc'!A1.mp4",
        "javascript:alert(2) %2e%2e {0} ${1}.mp4",
        new string('很', 80) + ".mp4",
        "<svg onload=alert(3)>/<script>alert(4).mp4",
    ];

    private readonly HeldApp app;

    public EveryPageTests(Chromium chromium)
        : this(chromium, EveryPage.Host())
    {
    }

    private EveryPageTests(Chromium chromium, HeldApp app)
        : base(chromium, app) => this.app = app;

    /// <summary>Language, width and height; light and dark change on the spot.</summary>
    public static TheoryData<string, int, int> Looks => new()
    {
        { Words.Zh, 1280, 900 },
        { Words.Zh, 390, 844 },
        { Words.En, 1280, 900 },
        { Words.En, 390, 844 },
    };

    [BrowserTheory]
    [MemberData(nameof(Looks))]
    public async Task Axe_finds_nothing_to_complain_about_and_nothing_scrolls_sideways(string locale, int width, int height)
    {
        var visitor = await VisitLibraryAsync(new(locale, Width: width, Height: height), AddSamples());
        var videos = app.Get<LibraryIndex>().Current.Videos.Select(video => video.Path).Order(StringComparer.Ordinal).ToList();
        var pages = await EveryPage.PrepareAsync(app, videos);
        var wrong = new List<string>();

        await pages.ForEachAsync(visitor, async name => wrong.AddRange(await visitor.LookAsync(name)));

        Assert.Empty(wrong);
    }

    [BrowserFact]
    public async Task What_is_wrong_is_found()
    {
        var visitor = await VisitAsync(new VisitorOptions(Words.En, Width: 390, Height: 844));
        await visitor.GoAsync("/verify");
        await visitor.Page.EvaluateAsync(
            "() => document.querySelector('main').insertAdjacentHTML('beforeend', '<img width=380 height=1 src=data:,>')");
        await visitor.Page.EvaluateAsync("() => document.querySelector('main p').style.cssText = 'color: #777; background: #888'");

        var wrong = await visitor.LookAsync("page");

        Assert.Single(wrong, one => one.Contains("image-alt", StringComparison.Ordinal));
        Assert.Equal(2, wrong.Count(one => one.Contains("color-contrast", StringComparison.Ordinal)));
        Assert.Contains(wrong, one => one.EndsWith("px too wide", StringComparison.Ordinal));
    }

    [BrowserFact]
    public async Task Links_lead_somewhere_icons_need_no_font_and_paper_has_no_buttons()
    {
        var visitor = await VisitLibraryAsync(new(Words.Zh), AddSamples());
        var videos = app.Get<LibraryIndex>().Current.Videos.Select(video => video.Path).Order(StringComparer.Ordinal);
        var pages = await EveryPage.PrepareAsync(app, [.. videos]);
        var wrong = new List<string>();

        await pages.ForEachAsync(visitor, async name =>
        {
            wrong.AddRange((await visitor.Page.EvaluateAsync<string[]>("""
                () => {
                  const shown = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT,
                    (node) => node.parentElement.closest('.visually-hidden, script') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
                  const found = [...document.querySelectorAll('a:not([href])')].map((link) => link.outerHTML);
                  while (shown.nextNode()) {
                    if (/\p{Emoji_Presentation}|\u{1F3F7}/u.test(shown.currentNode.data)) found.push(shown.currentNode.data.trim());
                  }
                  if (!document.querySelector('meta[name=description]')?.content) found.push('no description');
                  return found;
                }
                """)).Select(one => $"{name}: {one}"));
            await visitor.Page.EmulateMediaAsync(new() { Media = Microsoft.Playwright.Media.Print, ColorScheme = ColorScheme.Dark });
            await visitor.ShowAsync("print " + name);
            wrong.AddRange((await visitor.Page.EvaluateAsync<string[]>("""
                () => [...document.querySelectorAll('nav, .button')].filter((one) => one.checkVisibility()).map((one) => one.outerHTML)
                """)).Select(one => $"{name} on paper: {one}"));
            var paper = await visitor.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
            Assert.Equal("rgb(255, 255, 255)", paper);
            await visitor.Page.EmulateMediaAsync(new() { Media = Microsoft.Playwright.Media.Screen, ColorScheme = ColorScheme.Light });
        });

        Assert.Empty(wrong);
    }

    [BrowserTheory]
    [InlineData(Words.Zh)]
    [InlineData(Words.En)]
    public async Task Hostile_names_stay_names(string locale)
    {
        foreach (var (seed, name) in HostileNames.Index())
        {
            app.AddVideo(name, 4096, seed);
        }

        var visitor = await VisitLibraryAsync(new VisitorOptions(locale, Width: 360, Height: 740), HostileNames.Length);
        foreach (var shown in HostileNames.Select(name => Path.GetFileName(name).Replace('\u202E', '\uFFFD').Replace('\n', '\uFFFD')))
        {
            await Assertions.Expect(visitor.Page.Locator("main li").Filter(new() { HasText = shown }).First).ToBeVisibleAsync();
        }

        var pages = await EveryPage.PrepareAsync(app, HostileNames);
        var (wide, raised) = (new List<string>(), new List<string>());
        await pages.ForEachAsync(visitor, async page =>
        {
            if (await visitor.Page.ExcessWidthAsync() is > 0 and var excess)
            {
                wide.Add($"{page}: {excess} px too wide");
            }

            if (await visitor.Page.Locator("img[onerror], svg[onload], main script").CountAsync() > 0)
            {
                raised.Add(page);
            }
        });

        Assert.Empty(wide);
        Assert.Empty(raised);
    }
}
