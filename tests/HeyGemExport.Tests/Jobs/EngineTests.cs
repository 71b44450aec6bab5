using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Exports;
using HeyGemExport.Jobs;
using HeyGemExport.Tests.Data;

namespace HeyGemExport.Tests.Jobs;

/// <summary>What exports ask of a job engine, on each database.</summary>
public abstract class EngineTests : DatabaseTest
{
    [DatabaseFact]
    public void It_says_what_it_is()
    {
        var engine = Start().Get<JobEngine>();

        Assert.Equal(("Hangfire", "/hangfire"), (engine.Name, engine.DashboardPath));
        Assert.Matches(@"^\d+\.\d+\.\d+$", engine.Version);
    }

    [DatabaseFact]
    public async Task It_says_how_it_is_doing()
    {
        var app = Start(workers: 2, isOpen: false);
        app.AddVideo("first/a.mp4");
        using var client = app.CreateClient();
        var engine = app.Get<JobEngine>();
        var idle = (engine.IsRunning, engine.Busy(ExportJob.Queue));

        await BuildingAsync(client, await ConfirmAsync(app, client, "first"));

        Assert.Equal((true, 0), idle);
        Assert.Equal((true, 1), (engine.IsRunning, engine.Busy(ExportJob.Queue)));
    }

    [DatabaseFact]
    public async Task What_is_enqueued_is_packed()
    {
        var app = Start();
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();

        Assert.Equal("ready", (await app.ExportAsync(client, new { all = true })).State());
    }

    [DatabaseFact]
    public async Task One_worker_packs_one_after_the_other_and_two_pack_two_at_once()
    {
        Assert.Equal(1, await MostAtOnceAsync(workers: 1));
        Assert.Equal(2, await MostAtOnceAsync(workers: 2));
    }

    [DatabaseFact]
    public async Task An_export_that_is_delivered_again_and_again_is_packed_once()
    {
        var app = Start(isOpen: false);
        app.AddVideo("first/a.mp4");
        app.AddVideo("second/a.mp4");
        using var client = app.CreateClient();
        var id = await ConfirmAsync(app, client, "first");

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Engine(app).EnqueueAsync<ExportJob>(id, default)));
        app.Open();
        Assert.Equal("ready", (await ExportApp.EndOfAsync(client, id)).State());
        await Engine(app).EnqueueAsync<ExportJob>(id, default);
        await ExportApp.EndOfAsync(client, await ConfirmAsync(app, client, "second"));

        Assert.Single(await StartsAsync(app, id));
        Assert.Equal("ready", await client.StateAsync(id));
    }

    [DatabaseFact]
    public async Task An_export_that_is_cancelled_in_the_queue_is_never_begun()
    {
        var app = Start(isOpen: false);
        app.AddVideo("first/a.mp4");
        app.AddVideo("second/a.mp4");
        app.AddVideo("last/a.mp4");
        using var client = app.CreateClient();
        await BuildingAsync(client, await ConfirmAsync(app, client, "first"));
        var id = await ConfirmAsync(app, client, "second");

        await CancelAsync(client, id);
        app.Open();
        await ExportApp.EndOfAsync(client, await ConfirmAsync(app, client, "last"));

        Assert.Equal("cancelled", await client.StateAsync(id));
        Assert.Empty(await StartsAsync(app, id));
    }

    [DatabaseFact]
    public async Task An_export_that_is_cancelled_while_it_is_packed_makes_way_for_the_next_one()
    {
        var app = Start(isOpen: false);
        app.AddVideo("first/a.mp4");
        app.AddVideo("second/a.mp4");
        using var client = app.CreateClient();
        var id = await ConfirmAsync(app, client, "first");
        await BuildingAsync(client, id);

        await CancelAsync(client, id);
        var second = await ConfirmAsync(app, client, "second");
        await BuildingAsync(client, second);
        app.Open();
        var next = await ExportApp.EndOfAsync(client, second);

        Assert.Equal(("cancelled", "ready"), (await client.StateAsync(id), next.State()));
        Assert.Equal([next.GetProperty("archiveName").GetString()], app.TempFiles.Select(Path.GetFileName));
    }

    [DatabaseFact]
    public async Task An_export_that_fails_is_tried_once_and_does_not_stop_the_worker()
    {
        var app = Start(isOpen: false);
        app.AddVideo("first/a.mp4");
        app.AddVideo("lost/a.mp4");
        app.AddVideo("last/a.mp4");
        using var client = app.CreateClient();
        await BuildingAsync(client, await ConfirmAsync(app, client, "first"));
        var id = await ConfirmAsync(app, client, "lost");
        File.Delete(Path.Combine(app.Outputs, "lost", "a.mp4"));
        app.Open();

        var next = await ExportApp.EndOfAsync(client, await ConfirmAsync(app, client, "last"));

        Assert.Equal(("failed", "ready"), (await client.StateAsync(id), next.State()));
        Assert.Single(await StartsAsync(app, id));
    }

    [DatabaseFact]
    public async Task An_export_that_was_cancelled_runs_again_when_somebody_retries_it()
    {
        var app = Start(isOpen: false);
        app.AddVideo("first/a.mp4");
        using var client = app.CreateClient();
        var id = await ConfirmAsync(app, client, "first");
        await BuildingAsync(client, id);
        await CancelAsync(client, id);
        app.Open();

        var result = await app.Get<ExportService>().RetryAsync(id, Caller.System, default);

        Assert.IsType<RetryExportResult.Queued>(result);
        Assert.Equal("ready", (await ExportApp.EndOfAsync(client, id)).State());
        Assert.Equal(2, (await StartsAsync(app, id)).Count);
    }

    [DatabaseFact]
    public async Task A_stop_in_the_middle_queues_it_again_and_the_next_start_packs_it_with_what_waited_behind_it()
    {
        var app = Start(isOpen: false);
        app.AddVideo("first/a.mp4");
        app.AddVideo("second/a.mp4");
        string id, waiting;
        using (var client = app.CreateClient())
        {
            id = await ConfirmAsync(app, client, "first");
            waiting = await ConfirmAsync(app, client, "second");
            await BuildingAsync(client, id);
        }

        await app.DisposeAsync();
        Assert.Empty(app.TempFiles);
        using var next = Start().CreateClient();

        Assert.Equal("ready", (await ExportApp.EndOfAsync(next, id)).State());
        Assert.Equal("ready", (await ExportApp.EndOfAsync(next, waiting)).State());
    }

    [DatabaseFact]
    public async Task Cancelling_what_it_was_never_given_does_no_harm()
    {
        var app = Start();
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();

        await Engine(app).CancelAsync<ExportJob>("aaaaaaaaaaaa", default);

        Assert.Equal("ready", (await app.ExportAsync(client, new { all = true })).State());
    }

    private static IJobQueue Engine(ExportApp app) => app.Get<IJobQueue>();

    /// <param name="isOpen">False to keep what has begun in the middle until the test opens it.</param>
    protected GatedApp Start(int workers = 1, bool isOpen = true)
    {
        var app = Connect(new GatedApp(Folder));
        if (isOpen)
        {
            app.Open();
        }

        app.Settings["Exports:Workers"] = workers.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return app;
    }

    /// <summary>How many of four exports were between their claim and their end at the same time.</summary>
    private async Task<int> MostAtOnceAsync(int workers)
    {
        await using var app = Start(workers, isOpen: false);
        using var client = app.CreateClient();
        var batches = Enumerable.Range(0, 4).Select(number => $"{workers} {number}").ToList();
        batches.ForEach(batch => app.AddVideo(batch + "/a.mp4"));
        var ids = await Task.WhenAll(batches.Select(batch => ConfirmAsync(app, client, batch)));
        await Eventually.HoldsAsync(async () =>
            (await Task.WhenAll(ids.Select(id => client.StateAsync(id)))).Count(state => state == "building") == workers);
        app.Open();
        var ended = await Task.WhenAll(ids.Select(id => ExportApp.EndOfAsync(client, id)));

        Assert.All(ended, export => Assert.Equal("ready", export.State()));
        var times = ended.Select(
            export =>
                (Start: export.GetProperty("startedAt").GetDateTimeOffset(), End: export.GetProperty("finishedAt").GetDateTimeOffset()))
                .ToList();
        return times.Max(one => times.Count(other => other.Start <= one.Start && one.Start < other.End));
    }

    private static async Task<string> ConfirmAsync(ExportApp app, HttpClient client, string batch)
    {
        var response = await app.PostExportAsync(client, new { batches = new[] { batch } }, new { compression = "deflate" });
        return await response.IdAsync();
    }

    private static async Task CancelAsync(HttpClient client, string id) =>
        Assert.Equal(202, (int)(await client.PostAsync($"/api/v1/exports/{id}/cancel", content: null)).StatusCode);

    private static Task BuildingAsync(HttpClient client, string id) => Eventually.HoldsAsync(async () =>
    {
        var state = await client.StateAsync(id);
        Assert.NotEqual("ready", state);
        return state == "building";
    });

    private static async Task<IReadOnlyList<AuditRecord>> StartsAsync(ExportApp app, string id) =>
        [.. (await app.Get<AuditTrail>().QueryAsync(new AuditQuery(Action: AuditActions.ExportStarted), default)).Items.Where(
            record => record.ExportId == id)];
}

public sealed class SqliteEngineTests : EngineTests
{
    protected override Task<string> NewDatabaseAsync() => Task.FromResult("");
}

[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlEngineTests(PostgreSqlServer server) : EngineTests
{
    [DatabaseFact]
    public async Task It_begins_before_its_database_does()
    {
        var app = Start();
        app.AddVideo("a.mp4");
        await server.StopAsync();
        HttpClient client;
        try
        {
            client = app.CreateClient();
            Assert.Equal(200, (int)(await client.GetAsync("/healthz/live")).StatusCode);
        }
        finally
        {
            await server.StartAsync();
        }

        using (client)
        {
            await Eventually.HoldsAsync(async () => (await app.PostExportAsync(client, new { all = true })).IsSuccessStatusCode);
            var export = Assert.Single((await app.Get<ExportService>().ListAsync(1, 10, text: null, Caller.System, default)).Items);
            Assert.Equal("ready", (await ExportApp.EndOfAsync(client, export.Id)).State());
        }
    }

    protected override Task<string> NewDatabaseAsync() => server.NewDatabaseAsync();
}
