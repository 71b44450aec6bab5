using System.Globalization;
using System.Text.RegularExpressions;

namespace HeyGemExport.BrowserTests;

/// <summary>How someone comes to the pages.</summary>
public sealed record VisitorOptions(
    string Locale = Words.Zh, bool Scripts = true, ColorScheme Scheme = ColorScheme.Light, int Width = 1280, int Height = 900,
    string? Host = null);

/// <summary>Someone with a browser of their own. Script errors, refused content (CSP) and dialogs are noted as complaints.</summary>
public sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly string runLog;
    private readonly List<string> complaints = [];

    private Visitor(IBrowserContext context, IPage page, Words words, string runLog)
    {
        (this.context, this.runLog) = (context, runLog);
        (Page, Words) = (page, words);
        page.PageError += (_, error) => complaints.Add($"{page.Url}: {error}");
        page.Console += (_, message) => Note(message);
        page.Dialog += (_, dialog) =>
        {
            complaints.Add($"{page.Url}: dialog {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        page.Download += (_, download) => Downloads.Add(download);
    }

    public IPage Page { get; }

    public Words Words { get; }

    /// <summary>Every download so far.</summary>
    public List<IDownload> Downloads { get; } = [];

    /// <summary>What no page may cause. A status of 400 and above is no complaint: some tests ask for it.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    /// <param name="runLog">What the app says of the requests, for the messages of tests that fail.</param>
    public static async Task<Visitor> ComeAsync(IBrowser browser, Uri site, string runLog, VisitorOptions options)
    {
        var profile = await browser.NewContextAsync(new()
        {
            BaseURL = new UriBuilder(site) { Host = options.Host ?? site.Host }.ToString(),
            Locale = options.Locale,
            JavaScriptEnabled = options.Scripts,
            ColorScheme = options.Scheme,
            ViewportSize = new() { Width = options.Width, Height = options.Height },
            AcceptDownloads = true,
        });
        profile.SetDefaultTimeout(60_000);
        return new(profile, await profile.NewPageAsync(), Words.Of(options.Locale), runLog);
    }

    public Task GoAsync(string address) => Page.GotoAsync(address);

    /// <summary>Keeps a picture of the page where somebody wants to look at it: <c>HEYGEM_LOOK</c> names a folder.</summary>
    public async Task ShowAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("HEYGEM_LOOK") is { Length: > 0 } folder)
        {
            await Page.AtRestAsync();
            await Page.ScreenshotAsync(
                new() { Path = Path.Combine(folder, name.Replace(' ', '-').Replace('/', '-') + ".png"), FullPage = true });
        }
    }

    /// <summary>What is wrong with the page in light and in dark: against axe's rules, or too wide, on a phone also on a narrow
    /// one.</summary>
    public async Task<List<string>> LookAsync(string name)
    {
        var size = Page.ViewportSize!;
        List<string> wrong = [];
        foreach (var scheme in new[] { ColorScheme.Dark, ColorScheme.Light })
        {
            await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await ShowAsync($"{name}-{Words.Locale}-{scheme}-{size.Width}");

            // The scheme changes colors and nothing else: one look at the rest is enough.
            string[]? rules = scheme == ColorScheme.Dark ? ["color-contrast", "link-in-text-block"] : null;
            wrong.AddRange((await Page.ViolationsAsync(rules)).Select(violation => $"{name}, {scheme}: {violation}"));
        }

        await NoteWidthAsync();
        if (size.Width < 500)
        {
            await Page.SetViewportSizeAsync(360, size.Height);
            await NoteWidthAsync();
            await Page.SetViewportSizeAsync(size.Width, size.Height);
        }

        return wrong;

        async Task NoteWidthAsync()
        {
            if (await Page.ExcessWidthAsync() is > 0 and var excess)
            {
                wrong.Add($"{name}: {excess} px too wide");
            }
        }
    }

    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true, Level = 1 });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name });

    /// <summary>The confirm card: a dialog with scripts, a page without.</summary>
    public ILocator Card => Page.GetByRole(AriaRole.Article).Filter(new() { Has = Heading(Words.CardTitle) });

    /// <summary>What a definition list says under a label.</summary>
    public ILocator Figure(string label) =>
        Page.Locator("dl > div", new() { Has = Page.GetByRole(AriaRole.Term).GetByText(label, new() { Exact = true }) })
            .GetByRole(AriaRole.Definition);

    /// <summary>The exact size that stands under a label.</summary>
    public async Task<long> BytesAsync(string label) =>
        long.Parse(await Figure(label).Locator("data").First.GetAttributeAsync("value") ?? "", CultureInfo.InvariantCulture);

    /// <summary>From the library to the card.</summary>
    public async Task AskAsync()
    {
        // Without its scripts the page leads to the card as a page of its own.
        await Page.LoadedAsync();
        await Button(Words.Pack).ClickAsync();
        await Assertions.Expect(Card).ToBeVisibleAsync();
    }

    /// <summary>From the card to the export's page; its id.</summary>
    public async Task<string> ConfirmAsync()
    {
        await Button(Words.Confirm).ClickAsync();
        return await ExportIdAsync();
    }

    /// <summary>The id of the export whose page is shown.</summary>
    public async Task<string> ExportIdAsync()
    {
        await ReachesAsync("/exports/(?!confirm)");
        return new Uri(Page.Url).Segments[^1];
    }

    /// <summary>Waits for an address. It is asked for again and again, since Playwright at times loses the event of it.</summary>
    public Task ReachesAsync(string pattern) =>
        Assertions.Expect(Page).ToHaveURLAsync(new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(1)));

    /// <summary>The download that an action begins.</summary>
    /// <param name="seconds">How long it may take to begin.</param>
    public async Task<IDownload> DownloadAsync(Func<Task> begin, int seconds = 60)
    {
        try
        {
            return await Page.RunAndWaitForDownloadAsync(begin, new() { Timeout = 1000 * seconds });
        }
        catch (TimeoutException exception)
        {
            var log = (await File.ReadAllLinesAsync(runLog)).TakeLast(30);
            throw new TimeoutException(
                $"""
                No download began: {Page.Url}
                {await Page.Locator("main").InnerTextAsync()}
                {string.Join('\n', log)}
                """,
                exception);
        }
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    private void Note(IConsoleMessage message)
    {
        // Scripts that a test brings along (axe) have no address; what is refused to them is no fault of the page.
        var ownScript = message.Location.StartsWith(':');

        // On plain HTTP of a LAN the browser says of each page that this header is for secure ones.
        var untrusted = message.Text.StartsWith("The Cross-Origin-Opener-Policy header has been ignored", StringComparison.Ordinal);
        if (message.Type is "error" or "warning" && !ownScript && !untrusted
            && !message.Text.StartsWith("Failed to load resource: the server responded", StringComparison.Ordinal))
        {
            complaints.Add($"{message.Location}: {message.Text}");
        }
    }
}
