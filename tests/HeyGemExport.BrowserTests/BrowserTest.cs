using HeyGemExport.Library;

namespace HeyGemExport.BrowserTests;

/// <summary>The real host, real folders, a real browser. Every test also fails when a page had a script error, refused
/// content or opened a dialog.</summary>
public abstract class BrowserTest<TApp>(Chromium chromium, TApp app) : IClassFixture<Chromium>, IAsyncLifetime
    where TApp : ExportApp
{
    private readonly List<Visitor> visitors = [];

    protected TApp App { get; } = app;

    /// <summary>The clips that come with the product.</summary>
    protected static string Samples { get; } = Path.GetFullPath(Path.Combine(SourceTree.App, "..", "..", "outputs"));

    public Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        foreach (var visitor in visitors)
        {
            await visitor.DisposeAsync();
        }

        await App.DisposeAsync();
        Assert.Empty(visitors.SelectMany(visitor => visitor.Complaints));
    }

    protected Task<Visitor> VisitAsync(string locale, bool scripts = true) => VisitAsync(new VisitorOptions(locale, scripts));

    protected async Task<Visitor> VisitAsync(VisitorOptions options)
    {
        App.StartServer();
        var visitor = await Visitor.ComeAsync(chromium.Browser, App.ClientOptions.BaseAddress, App.RunLog, options);
        visitors.Add(visitor);
        return visitor;
    }

    /// <summary>Opens the library once the scan has found so many videos.</summary>
    protected async Task<Visitor> VisitLibraryAsync(VisitorOptions options, int videos)
    {
        var visitor = await VisitAsync(options);
        await Eventually.HoldsAsync(() => App.Get<LibraryIndex>().Current.Videos.Count == videos);
        await visitor.GoAsync("/");
        return visitor;
    }

    protected Task<Visitor> VisitLibraryAsync(string locale, int videos, bool scripts = true) =>
        VisitLibraryAsync(new VisitorOptions(locale, scripts), videos);

    /// <summary>Copies the samples into the outputs folder; gives the number of videos.</summary>
    protected int AddSamples()
    {
        var files = Directory.GetFiles(Samples, "*", SearchOption.AllDirectories);
        foreach (var file in files)
        {
            var copy = Path.Combine(App.Outputs, Path.GetRelativePath(Samples, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return files.Length;
    }
}

/// <inheritdoc/>
public abstract class BrowserTest(Chromium chromium, ExportApp app) : BrowserTest<ExportApp>(chromium, app);
