using HeyGemExport.Archives;
using HeyGemExport.Exports;

namespace HeyGemExport.BrowserTests;

/// <summary>The pictures of the documentation, over the clips that come with the product. ImageMagick makes them small:
/// <c>HEYGEM_SCREENSHOTS=docs/images dotnet test tests/HeyGemExport.BrowserTests --filter Screenshots</c>, where the
/// folder is relative to the repository.</summary>
public sealed class Screenshots(Chromium chromium) : BrowserTest<HeldApp>(chromium, new HeldApp())
{
    private const string Variable = "HEYGEM_SCREENSHOTS";
    [OnDemandFact(Variable)]
    public async Task Takes_the_pictures_of_the_documentation()
    {
        var videos = AddSamples();
        foreach (var options in new VisitorOptions[]
        {
            new(Words.Zh), new(Words.En), new(Words.Zh, Scheme: ColorScheme.Dark), new(Words.Zh, Width: 390, Height: 844),
            new(Words.En, Scheme: ColorScheme.Dark, Width: 390, Height: 844),
        })
        {
            await TakeLibraryAsync(options, videos);
        }

        var chinese = await VisitLibraryAsync(Words.Zh, videos);
        await TakeExportAsync(chinese, "batch_20251219_1423");
        var english = await VisitLibraryAsync(Words.En, videos);
        await TakeExportAsync(english, "门店宣传_20251220");
        foreach (var visitor in new[] { chinese, english })
        {
            await visitor.GoAsync("/exports");
            await TakeAsync(visitor, "list");
            await visitor.GoAsync("/audit");
            await TakeAsync(visitor, "audit");
            await visitor.GoAsync("/verify");
            await TakeAsync(visitor, "verify");
        }
    }

    private async Task TakeLibraryAsync(VisitorOptions options, int videos)
    {
        var visitor = await VisitLibraryAsync(options, videos);
        var look = (options.Scheme == ColorScheme.Dark ? "-dark" : "") + (options.Width < 500 ? "-phone" : "");
        await visitor.Page.WaitForFunctionAsync("() => document.querySelector('.thumb canvas')");
        await visitor.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await TakeAsync(visitor, "library" + look);
        if (look.Length == 0)
        {
            await visitor.AskAsync();
            await TakeAsync(visitor, "confirm");
        }
    }

    private async Task TakeExportAsync(Visitor visitor, string batch)
    {
        await visitor.GoAsync("/?batch=" + Uri.EscapeDataString(batch));
        await visitor.AskAsync();
        var id = await visitor.ConfirmAsync();
        await App.Get<ExportTransitions>().ClaimAsync(id, CancellationToken.None);
        var export = (await App.Get<ExportService>().FindAsync(id, CancellationToken.None))!;
        var progress = App.Get<ExportProgressBoard>().Begin(id, ExportState.Building);

        // Two reports, some time apart: a speed needs them.
        progress.Report(new ArchiveProgress(1, export.TotalBytes * 3 / 10));
        await Assertions.Expect(visitor.Page.GetByText("19%", new() { Exact = true })).ToBeVisibleAsync();
        progress.Report(new ArchiveProgress(2, export.TotalBytes * 7 / 10));
        await Assertions.Expect(visitor.Page.GetByText("46%", new() { Exact = true })).ToBeVisibleAsync();

        // A page that has just been opened shows the bar where it is, instead of moving it there.
        await visitor.Page.ReloadAsync();
        await Assertions.Expect(visitor.Page.GetByText("46%", new() { Exact = true })).ToBeVisibleAsync();
        await TakeAsync(visitor, "progress");

        App.Get<ExportProgressBoard>().End(id);
        await App.Get<ExportTransitions>().ReleaseAsync(id, stopped: true, CancellationToken.None);
        await App.RunAsync(id);
        await Assertions.Expect(visitor.Heading(visitor.Words.Ready)).ToBeVisibleAsync();
        await TakeAsync(visitor, "ready");
    }

    private static async Task TakeAsync(Visitor visitor, string name)
    {
        var folder = Path.Combine(Path.GetDirectoryName(Samples)!, Environment.GetEnvironmentVariable(Variable)!);
        var path = Path.Combine(folder, $"{name}-{visitor.Words.Locale}.png");

        await visitor.Page.AtRestAsync();
        await visitor.Page.ScreenshotAsync(new() { Path = path });
        await ExternalTools.RunAsync(
            folder, "convert", path, "+dither", "-colors", "96", "-define", "png:compression-level=9", "-strip", "PNG8:" + path);
    }
}
