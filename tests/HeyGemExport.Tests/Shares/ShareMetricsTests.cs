using HeyGemExport.Tests.Accounts;
using HeyGemExport.Tests.Telemetry;

namespace HeyGemExport.Tests.Shares;

/// <summary>What <c>/metrics</c> tells of share links.</summary>
public sealed class ShareMetricsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly HeldApp app;
    private HttpClient owner = null!;
    private HttpClient stranger = null!;
    private string export = "";

    public ShareMetricsTests() => app = new HeldApp { Time = time };

    public async Task InitializeAsync()
    {
        app.AddVideo("a.mp4", 100_000);
        owner = app.CreateClient();
        stranger = app.Pipeline();
        export = await app.PackAsync(owner);
    }

    public async Task DisposeAsync()
    {
        owner.Dispose();
        stranger.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Figures_move_with_what_becomes_of_a_link()
    {
        var before = await MetricsTests.ScrapeAsync(owner);
        var share = await owner.ShareAsync(export, new { maxDownloads = 1 });
        await stranger.GetAsync(share.Address());
        await stranger.GetByteArrayAsync(share.Address() + "/download");

        // Only when the first is known to have arrived whole is the next a download of its own.
        await Eventually.HoldsAsync(async () => (await owner.AuditAsync("download-finished")).Count == 1);
        await stranger.GetAsync(share.Address() + "/download");
        await owner.DeleteAsync($"/api/v1/exports/{export}/shares/{share.GetProperty("id").GetString()}");
        var after = await MetricsTests.ScrapeAsync(owner);

        Assert.All(["created_total", "opened_total", "downloads_total", "revoked_total", "refused_total{reason=\"used-up\"}"], name =>
            Assert.Equal((name, 0d, 1d), (name, before["heygem_shares_" + name], after["heygem_shares_" + name])));
    }

    [Fact]
    public async Task Each_refusal_is_told_by_its_reason()
    {
        var locked = await owner.ShareAsync(export, new { password = "open sesame" });
        var revoked = await owner.ShareAsync(export);
        await owner.DeleteAsync($"/api/v1/exports/{export}/shares/{revoked.GetProperty("id").GetString()}");
        var gone = await owner.ShareAsync(export, new { days = 30 });
        var brief = await owner.ShareAsync(export, new { days = 1 });
        using (var guest = app.Visit())
        {
            await guest.SendAsync(await guest.OpenAsync(locked.Address()), "main form", ("password", "guessed wrong"));
        }

        time.Advance(TimeSpan.FromDays(1));
        await stranger.GetAsync(brief.Address());
        await stranger.GetAsync(revoked.Address());
        await stranger.GetAsync("/s/" + new string('A', 43) + "/download");
        await owner.PostAsync($"/api/v1/exports/{export}/remove", content: null);
        await stranger.GetAsync(gone.Address() + "/download");
        for (var miss = 3; miss <= HeyGemExport.Shares.ShareLimits.MissesPerAddress; miss++)
        {
            await stranger.GetAsync("/s/nothing");
        }

        var after = await MetricsTests.ScrapeAsync(owner);
        Assert.Equal(
            [("archive-gone", 1), ("expired", 1), ("revoked", 1), ("too-often", 1), ("unknown", 28), ("used-up", 0), ("wrong-password", 1)],
            new[] { "archive-gone", "expired", "revoked", "too-often", "unknown", "used-up", "wrong-password" }.Select(
                reason => (reason, (int)after[$"heygem_shares_refused_total{{reason=\"{reason}\"}}"])));
    }
}
