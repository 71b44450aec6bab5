using System.Net;
using HeyGemExport.Tests.Data;

namespace HeyGemExport.Tests.Faults;

/// <summary>PostgreSQL refuses to write for a while, as in a failover.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class ReadOnlyServerTests(PostgreSqlServer server) : DatabaseTest
{
    [DatabaseFact]
    public async Task An_archive_that_is_verified_meanwhile_is_kept_and_published_afterwards()
    {
        var app = Start(new HeldApp(Folder));
        Clips.WriteSparseMp4(Path.Combine(app.Outputs, "large.mp4"), 3 * MidRead.Bytes);
        using var client = app.CreateClient();
        var id = await Aftermath.RequestAsync(client, new { all = true }, "deflate");
        var running = Task.Run(() => app.RunAsync(id));
        await Eventually.HoldsAsync(async () => (await Aftermath.FindAsync(client, id)).State() is "verifying" or "ready");

        await server.SetReadOnlyAsync(true);
        string archive;
        DateTime written;
        try
        {
            await Eventually.HoldsAsync(() => app.TempFiles.Any(file => file.EndsWith(".zip", StringComparison.Ordinal)));
            archive = app.TempFiles.Single(file => file.EndsWith(".zip", StringComparison.Ordinal));
            written = File.GetLastWriteTimeUtc(archive);
            await Eventually.HoldsAsync(async () =>
                (await client.GetAsync("/healthz/ready")).StatusCode == HttpStatusCode.ServiceUnavailable);
            Assert.Equal("verifying", (await Aftermath.FindAsync(client, id)).State());
            app.AddVideo("refused.mp4");
            Assert.Equal(
                HttpStatusCode.ServiceUnavailable, (await app.PostExportAsync(client, new { paths = new[] { "refused.mp4" } })).StatusCode);
        }
        finally
        {
            await server.SetReadOnlyAsync(false);
        }

        await running;
        Assert.Equal("ready", (await Aftermath.FindAsync(client, id)).State());
        Assert.Equal((archive, written), (Assert.Single(app.TempFiles), File.GetLastWriteTimeUtc(archive)));
        await Aftermath.NextExportEndedWellAsync(client, app.Folder, id);
        await Eventually.HoldsAsync(async () => (await client.GetAsync("/healthz/ready")).StatusCode == HttpStatusCode.OK);
    }

    [DatabaseFact]
    public async Task An_export_that_is_built_meanwhile_is_ready_afterwards()
    {
        var app = Start(new ExportApp(Folder));
        using var client = app.CreateClient();
        var id = await Aftermath.BuildingAsync(client, Folder);

        await server.SetReadOnlyAsync(true);
        try
        {
            await Eventually.HoldsAsync(async () =>
                (await client.GetAsync("/healthz/ready")).StatusCode == HttpStatusCode.ServiceUnavailable);
        }
        finally
        {
            await server.SetReadOnlyAsync(false);
        }

        await Aftermath.NextExportEndedWellAsync(client, app.Folder, id);
        await Aftermath.NextExportWorksAsync(client, app.Folder);
        await Aftermath.NothingIsOrphanedAsync(client, app.Folder);
    }

    protected override Task<string> NewDatabaseAsync() => server.NewDatabaseAsync();
}
