using System.Net;
using HeyGemExport.Data;
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
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var database = app.Get<Database>();

        // As a standby does, before the server is one: its settings take longer to change than an archive to be verified.
        await database.ExecuteAsync(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION USING ERRCODE = ''25006''; END';
            CREATE TRIGGER refuse BEFORE UPDATE ON exports FOR EACH ROW WHEN (OLD.state = 'verifying') EXECUTE FUNCTION refuse();
            """,
            parameters: null, default);
        var id = await Aftermath.RequestAsync(client, new { all = true });
        var running = Task.Run(() => app.RunAsync(id));
        await Eventually.HoldsAsync(() => app.TempFiles.Any(file => file.EndsWith(".zip", StringComparison.Ordinal)));

        await server.SetReadOnlyAsync(true);
        string archive;
        DateTime written;
        try
        {
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

        await DatabaseRetry.UntilAvailableAsync(
            () => database.ExecuteAsync("DROP TRIGGER refuse ON exports", parameters: null, default), _ => { },
            TimeProvider.System, default);
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
