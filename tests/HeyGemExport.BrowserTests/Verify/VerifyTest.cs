using HeyGemExport.Library;

namespace HeyGemExport.BrowserTests.Verify;

/// <summary>A recipient before the page that verifies, with something to give it.</summary>
public abstract class VerifyTest(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    private readonly List<string> requests = [];
    private Delivery? delivery;

    private protected Delivery Delivery => delivery ??= new(App.Folder);

    /// <summary>What the browser has asked of any server since the page was open.</summary>
    protected IReadOnlyList<string> Requests => requests;

    protected Task<IPage> OpenAsync(string locale = Words.En) => OpenAsync(new VisitorOptions(locale));

    protected async Task<IPage> OpenAsync(VisitorOptions options)
    {
        var page = (await VisitAsync(options)).Page;
        await page.GotoAsync("/verify");
        await Assertions.Expect(page.Locator("#verify[data-ready]")).ToBeVisibleAsync();
        page.Context.Request += (_, request) => requests.Add(request.Url);
        return page;
    }

    protected async Task<string[]> ExportInPartsAsync()
    {
        await ExportAsync(new { maxPartBytes = 100_000 }, "a.mp4", "b.mp4");
        Assert.Equal(2, App.TempFiles.Length);
        return [.. App.TempFiles.Order(StringComparer.Ordinal)];
    }

    protected async Task ExportAsync(object options, params string[] videos)
    {
        for (var seed = 0; seed < videos.Length; seed++)
        {
            App.AddVideo(videos[seed], seed: seed);
        }

        using var client = App.CreateClient();
        await App.Get<LibraryIndex>().RefreshAsync(CancellationToken.None);
        await App.ExportAsync(client, new { all = true }, options);
    }

    protected static Task ChooseAsync(IPage page, params string[] paths) => page.Locator("input[multiple]").SetInputFilesAsync(paths);

    protected static async Task AgainAsync(IPage page, params string[] paths)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Check something else" }).ClickAsync();
        if (paths.Length > 0)
        {
            await ChooseAsync(page, paths);
        }
    }

    protected static async Task ExpectVerdictAsync(IPage page, string verdict, string? text = null)
    {
        var panel = page.Locator($"[data-part=result]:not([hidden]) [data-verdict={verdict}]");
        await Assertions.Expect(panel).ToBeVisibleAsync();
        if (text is not null)
        {
            await Assertions.Expect(panel.GetByRole(AriaRole.Heading)).ToHaveTextAsync(text);
        }
    }

    protected static async Task ExpectFindingAsync(IPage page, string kind, string text)
    {
        await ExpectVerdictAsync(page, "bad");
        await Assertions.Expect(page.Locator($"[data-kind={kind}] li")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator($"[data-kind={kind}] li")).ToContainTextAsync(text);
    }

    protected Dictionary<string, byte[]> Without(string name) =>
        Delivery.Files.Where(file => file.Key != name).ToDictionary(StringComparer.Ordinal);

    protected Dictionary<string, byte[]> With(string name, byte[] content) =>
        new(Delivery.Files, StringComparer.Ordinal) { [name] = content };
}
