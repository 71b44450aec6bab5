using HeyGemExport.Exports.Retention;

namespace HeyGemExport.Tests.Faults;

/// <summary>A clock that is set while the app runs.</summary>
public sealed class ClockTests : IDisposable
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly HeldApp app;

    public ClockTests()
    {
        app = new HeldApp { Time = time };
        app.Settings["Exports:RetentionHours"] = "24";
    }

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task A_clock_that_is_set_back_by_a_day_ends_nothing_and_keeps_nothing_for_longer_than_its_time()
    {
        using var client = app.CreateClient();
        var ready = await PackAsync(client, "a.mp4");
        var queued = await RequestAsync(client, "b.mp4");

        Set(TimeSpan.FromDays(-1));
        await SweepAsync();
        Assert.Equal("ready", await client.StateAsync(ready));
        await Aftermath.NextExportEndedWellAsync(client, app.Folder, ready);
        await app.RunAsync(queued);
        await Aftermath.NextExportEndedWellAsync(client, app.Folder, queued);

        // The end of a download counts as a use.
        await Eventually.HoldsAsync(async () => (await client.AuditAsync("download-finished")).Count == 2);
        Set(TimeSpan.FromHours(24) + TimeSpan.FromMinutes(1));
        await SweepAsync();
        Assert.Equal(["expired", "expired"], [await client.StateAsync(ready), await client.StateAsync(queued)]);
        await Aftermath.NothingIsOrphanedAsync(client, app.Folder);
    }

    [Fact]
    public async Task A_clock_that_jumps_a_year_ahead_expires_what_is_ready_and_leaves_what_is_to_come()
    {
        using var client = app.CreateClient();
        var ready = await PackAsync(client, "a.mp4");
        var queued = await RequestAsync(client, "b.mp4");

        Set(TimeSpan.FromDays(365));
        await SweepAsync();

        Assert.Equal(["expired", "queued"], [await client.StateAsync(ready), await client.StateAsync(queued)]);
        await app.RunAsync(queued);
        await Aftermath.NextExportEndedWellAsync(client, app.Folder, queued);
        await Aftermath.NothingIsOrphanedAsync(client, app.Folder);
    }

    [Fact]
    public async Task What_was_packed_while_the_clock_was_ahead_is_not_kept_until_that_time_comes()
    {
        using var client = app.CreateClient();
        Set(TimeSpan.FromDays(365));
        var ready = await PackAsync(client, "a.mp4");

        Set(TimeSpan.FromDays(-365));
        await SweepAsync();
        Assert.Equal("ready", await client.StateAsync(ready));

        Set(TimeSpan.FromHours(25));
        await SweepAsync();
        Assert.Equal("expired", await client.StateAsync(ready));
        Assert.Empty(app.TempFiles);
    }

    /// <summary>Sets the clock without the time between having passed: no timer fires for it.</summary>
    private void Set(TimeSpan by) => time.AdjustTime(time.GetUtcNow() + by);

    private Task SweepAsync() => app.Get<ArchiveRetention>().SweepAsync(CancellationToken.None);

    private async Task<string> RequestAsync(HttpClient client, string path)
    {
        app.AddVideo(path, seed: path[0]);
        return await Aftermath.RequestAsync(client, new { paths = new[] { path } });
    }

    private async Task<string> PackAsync(HttpClient client, string path)
    {
        var id = await RequestAsync(client, path);
        await app.RunAsync(id);
        Assert.Equal("ready", await client.StateAsync(id));
        return id;
    }
}
