namespace HeyGemExport.BrowserTests;

/// <summary>One Chromium for all test classes, which ends with the process; each visitor has a profile of its own in it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly Lazy<Task<IBrowser>> Shared = new(LaunchAsync);

    private IBrowser? browser;

    /// <summary>The headless shell needs two thirds of the processor time of a whole browser.</summary>
    private static readonly string? Executable = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named
        ? named
        : new[] { "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome" }
            .Select(name => Programs.Find(name)).FirstOrDefault(found => found is not null);

    /// <summary>Another name of this machine, which the browser does not trust as it trusts loopback: plain HTTP on it is no secure
    /// context, as on the LAN of most users.</summary>
    public const string LanHost = "render.lan";

    /// <summary>Why tests that need it are skipped; null when they are not.</summary>
    public static string? SkipReason { get; } = Executable is null && !Programs.AreRequired ? Programs.Missing("chromium") : null;

    public IBrowser Browser => browser ?? throw new InvalidOperationException(Programs.Missing("chromium"));

    public async Task InitializeAsync() => browser = Executable is null ? null : await Shared.Value;

    public Task DisposeAsync() => Task.CompletedTask;

    private static async Task<IBrowser> LaunchAsync()
    {
        // The five seconds of Playwright are short where the other tests of a run keep the machine busy.
        Assertions.SetDefaultExpectTimeout(60_000);
        var playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(new()
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
}
