using System.Net.Http.Headers;
using HeyGemExport.Exports.Retention;

namespace HeyGemExport.Tests.Faults;

/// <summary>The cap of all archives is taken up by downloads that broke off and are spared.</summary>
public sealed class FullCapTests : IDisposable
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly HeldApp app;

    public FullCapTests()
    {
        app = new HeldApp { Time = time };
        app.Settings["Exports:MaxTempBytes"] = "250000";
    }

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task An_archive_that_was_just_packed_is_there_to_be_downloaded()
    {
        using var client = app.CreateClient();
        await BreakOffAsync(client, await PackAsync(client, "a.mp4"));
        await BreakOffAsync(client, await PackAsync(client, "b.mp4"));

        var last = await PackAsync(client, "c.mp4");
        await app.Get<ArchiveRetention>().SweepAsync(CancellationToken.None);
        Assert.Equal("ready", (await Aftermath.FindAsync(client, last)).State());

        // Once the others are not spared any more, the cap holds again.
        time.Advance(ArchiveRetention.ResumeWindow + TimeSpan.FromMinutes(1));
        await app.Get<ArchiveRetention>().SweepAsync(CancellationToken.None);
        Assert.Equal(2, app.TempFiles.Length);
        await Aftermath.NextExportEndedWellAsync(client, app.Folder, last);
    }

    private async Task<string> PackAsync(HttpClient client, string path)
    {
        time.Advance(TimeSpan.FromMinutes(1));
        app.AddVideo(path, 100_000, seed: path[0]);
        var id = await Aftermath.RequestAsync(client, new { paths = new[] { path } });
        await app.RunAsync(id);
        return id;
    }

    private async Task BreakOffAsync(HttpClient client, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/exports/{id}/download");
        request.Headers.Range = new RangeHeaderValue(0, 999);
        using var response = await client.SendAsync(request);
        Assert.Equal(1000, (await response.Content.ReadAsByteArrayAsync()).Length);
        await Eventually.HoldsAsync(() => app.Get<ActiveDownloads>().Count(id) == 0);
    }
}
