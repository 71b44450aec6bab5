using Deque.AxeCore.Playwright;
using HeyGemExport.Library;

namespace HeyGemExport.BrowserTests;

/// <summary>What has to hold on every page.</summary>
[Collection(ChromiumCollection.Name)]
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

    /// <summary>Language, light, width and height: every way in which a page looks different.</summary>
    public static TheoryData<string, ColorScheme, int, int> Looks => new()
    {
        { Words.Zh, ColorScheme.Light, 1280, 900 },
        { Words.Zh, ColorScheme.Light, 390, 844 },
        { Words.Zh, ColorScheme.Dark, 1280, 900 },
        { Words.Zh, ColorScheme.Dark, 390, 844 },
        { Words.En, ColorScheme.Light, 1280, 900 },
        { Words.En, ColorScheme.Light, 390, 844 },
        { Words.En, ColorScheme.Dark, 1280, 900 },
        { Words.En, ColorScheme.Dark, 390, 844 },
    };

    [BrowserTheory]
    [MemberData(nameof(Looks))]
    public async Task Axe_finds_nothing_to_complain_about(string locale, ColorScheme scheme, int width, int height)
    {
        var (pages, visitor) = await PrepareSamplesAsync(new(locale, Scheme: scheme, Width: width, Height: height));
        var violations = new List<string>();

        await pages.ForEachAsync(visitor, async name =>
        {
            await visitor.Page.AtRestAsync();
            await visitor.ShowAsync($"{name}-{locale}-{scheme}-{width}");
            var found = await visitor.Page.RunAxe();
            violations.AddRange(found.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{name}: {violation.Id} ({violation.Help}) {node.Html}")));
        });

        Assert.Empty(violations);
    }

    [BrowserTheory]
    [InlineData(Words.Zh)]
    [InlineData(Words.En)]
    public async Task Nothing_scrolls_sideways_on_a_narrow_phone(string locale)
    {
        var (pages, visitor) = await PrepareSamplesAsync(new(locale, Width: 360, Height: 740));
        var wide = new List<string>();

        await pages.ForEachAsync(visitor, async name => await NoteWidthAsync(visitor, name, wide));

        Assert.Empty(wide);
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
            await NoteWidthAsync(visitor, page, wide);
            if (await visitor.Page.Locator("img[onerror], svg[onload], main script").CountAsync() > 0)
            {
                raised.Add(page);
            }
        });

        Assert.Empty(wide);
        Assert.Empty(raised);
    }

    private static async Task NoteWidthAsync(Visitor visitor, string name, List<string> wide)
    {
        var excess = await visitor.Page.EvaluateAsync<int>("() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - document.documentElement.clientWidth");
        if (excess > 0)
        {
            wide.Add($"{name}: {excess} px too wide");
        }
    }

    private async Task<(EveryPage Pages, Visitor Visitor)> PrepareSamplesAsync(VisitorOptions options)
    {
        var visitor = await VisitLibraryAsync(options, AddSamples());
        var videos = app.Get<LibraryIndex>().Current.Videos.Select(video => video.Path).Order(StringComparer.Ordinal).ToList();
        return (await EveryPage.PrepareAsync(app, videos), visitor);
    }
}
