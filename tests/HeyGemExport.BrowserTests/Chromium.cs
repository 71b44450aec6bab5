namespace HeyGemExport.BrowserTests;

/// <summary>One Chromium for all tests; each visitor has a profile of its own in it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? playwright;
    private IBrowser? browser;

    private static readonly string? Executable = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named
        ? named
        : new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Programs.Find(name)).FirstOrDefault(found => found is not null);

    /// <summary>Another name of this machine, which the browser does not trust as it trusts loopback: plain HTTP on it is no secure
    /// context, as on the LAN of most users.</summary>
    public const string LanHost = "render.lan";

    /// <summary>Why tests that need it are skipped; null when they are not.</summary>
    public static string? SkipReason { get; } = Executable is null && !Programs.AreRequired ? Programs.Missing("chromium") : null;

    public IBrowser Browser => browser ?? throw new InvalidOperationException(Programs.Missing("chromium"));

    public async Task InitializeAsync()
    {
        if (Executable is null)
        {
            return;
        }

        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Executable,
            Headless = true,
            ChromiumSandbox = false,
            Args =
            [
                "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", $"--host-resolver-rules=MAP {LanHost} 127.0.0.1",
            ],
        });
    }

    public async Task DisposeAsync()
    {
        await (browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        playwright?.Dispose();
    }
}

/// <summary>Tests that share the browser run one after another: two cores carry one browser well, and two badly.</summary>
[CollectionDefinition(Name)]
public sealed class ChromiumCollection : ICollectionFixture<Chromium>
{
    public const string Name = "Chromium";
}
