using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Downloads;
using HeyGemExport.Exports.Retention;

namespace HeyGemExport.Tests.Data;

/// <summary>The same records on PostgreSQL, and what only several hosts can do: share them.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlRecordsTests(PostgreSqlServer server) : ExportRecordsTests
{
    [DatabaseFact]
    public async Task Nothing_is_kept_in_a_file_of_this_node()
    {
        var app = Start(new ExportApp(Folder));
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();

        await app.ExportAsync(client, new { all = true });

        Assert.Empty(Directory.EnumerateFiles(Folder.FullPath, "*.db*", SearchOption.AllDirectories));
    }

    [DatabaseFact]
    public async Task Two_hosts_run_each_export_once_and_hand_over_what_the_other_has_packed()
    {
        var (one, other) = (Start(new ExportApp(Folder)), Start(new ExportApp(Folder)));
        using var first = one.CreateClient();
        using var second = other.CreateClient();
        for (var index = 0; index < 8; index++)
        {
            one.AddVideo($"batch{index}/a.mp4", 300_000, seed: index);
        }

        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(index =>
            index % 2 == 0 ? ConfirmAsync(one, first, Batch(index)) : ConfirmAsync(other, second, Batch(index))));
        // Both engines are given all of them, as each host's upkeep does with what it finds queued.
        await Task.WhenAll(
            ids.SelectMany(id => new[] { one.Get<ExportJob>().RunAsync(id, default), other.Get<ExportJob>().RunAsync(id, default) }));
        foreach (var id in ids)
        {
            Assert.Equal("ready", (await ExportApp.EndOfAsync(first, id)).State());
        }

        var archives = await Task.WhenAll(ids.Select(id => second.GetByteArrayAsync($"/exports/{id}/download")));
        Assert.All(archives, archive => Assert.True(archive.Length > 300_000));
        var started = await one.Get<AuditTrail>().QueryAsync(new AuditQuery(Action: AuditActions.ExportStarted), default);
        Assert.Equal(ids.Order(StringComparer.Ordinal), started.Items.Select(record => record.ExportId!).Order(StringComparer.Ordinal));
        Assert.Equal(8, one.TempFiles.Length);

        static object Batch(int index) => new { batches = new[] { $"batch{index}" } };
    }

    [DatabaseFact]
    public async Task The_same_content_confirmed_on_two_hosts_at_once_is_one_export()
    {
        var (one, other) = (Start(new HeldApp(Folder)), Start(new HeldApp(Folder)));
        one.AddVideo("a.mp4");
        using var first = one.CreateClient();
        using var second = other.CreateClient();

        var responses = await Task.WhenAll(Enumerable.Range(0, 40).Select(index =>
            index % 2 == 0 ? one.PostExportAsync(first, new { all = true }) : other.PostExportAsync(second, new { all = true })));

        var ids = await Task.WhenAll(responses.Select(response => response.IdAsync()));
        Assert.Single(ids.Distinct());
        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Accepted);
    }

    [DatabaseFact]
    public async Task A_host_leaves_the_work_of_another_alone_while_that_is_heard_of_and_takes_it_over_afterwards()
    {
        var silent = Start(new HeldApp(Folder));
        silent.AddVideo("a.mp4");
        using var client = silent.CreateClient();
        var id = await ConfirmAsync(silent, client);
        Assert.True(await silent.Get<ExportTransitions>().ClaimAsync(id, default));

        // Whatever the clocks of the hosts say: the database's counts.
        var other = Start(new HeldApp(Folder) { Time = new ShiftedTimeProvider(TimeSpan.FromMinutes(90)) });
        Assert.Equal(0, await other.Get<ExportTransitions>().RequeueOrphansAsync(default));
        await other.RunAsync(id);
        Assert.Equal("building", await client.StateAsync(id));

        await FallSilentAsync(silent, id);
        var takingOver = other.RunAsync(id);
        Assert.True(await silent.Get<ExportTransitions>().HeartbeatAsync(id, progress: default, default));
        await takingOver;
        Assert.Equal("building", await client.StateAsync(id));

        await FallSilentAsync(silent, id);
        await other.RunAsync(id);
        Assert.Equal("ready", await client.StateAsync(id));
        Assert.False(await silent.Get<ExportTransitions>().HeartbeatAsync(id, progress: default, default));
        Assert.EndsWith(".2.zip", Assert.Single(silent.TempFiles), StringComparison.Ordinal);
    }

    [DatabaseFact]
    public async Task What_the_engine_has_lost_is_queued_again_after_a_minute_of_silence()
    {
        var silent = Start(new HeldApp(Folder));
        silent.AddVideo("a.mp4");
        using var client = silent.CreateClient();
        var id = await ConfirmAsync(silent, client);
        Assert.True(await silent.Get<ExportTransitions>().ClaimAsync(id, default));
        await FallSilentAsync(silent, id);

        Assert.Equal(1, await silent.Get<ExportTransitions>().RequeueOrphansAsync(default));
        Assert.Equal("queued", await client.StateAsync(id));
    }

    [DatabaseFact]
    public async Task No_host_removes_an_archive_that_another_one_sends()
    {
        var (sender, other) = (Start(new HeldApp(Folder)), Start(new HeldApp(Folder)));
        sender.AddVideo("a.mp4");
        using var client = sender.CreateClient();
        var id = await ConfirmAsync(sender, client);
        await sender.RunAsync(id);
        var export = (await other.Get<ExportStore>().FindAsync(id, default))!;

        using (await sender.Get<ActiveDownloads>().TryAcquireAsync(id, default))
        {
            Assert.False(await other.Get<ArchiveRetention>().ExpireAsync(export, "test", default));
            Assert.Single(sender.TempFiles);
        }

        await Eventually.HoldsAsync(() => other.Get<ArchiveRetention>().ExpireAsync(export, "test", default));
        Assert.Empty(sender.TempFiles);
        Assert.Null(await sender.Get<ActiveDownloads>().TryAcquireAsync(id, default));
    }

    [DatabaseFact]
    public async Task A_cancellation_on_one_host_stops_the_build_on_the_other()
    {
        var (builder, other) = (Start(new ExportApp(Folder)), Start(new HeldApp(Folder)));
        Clips.WriteSparseMp4(Path.Combine(builder.Outputs, "large.mp4"), 3L << 30);
        using var first = builder.CreateClient();
        using var second = other.CreateClient();
        var id = await (await builder.PostExportAsync(first, new { all = true }, new { compression = "deflate" })).IdAsync();
        await Eventually.HoldsAsync(async () => await second.StateAsync(id) == "building");

        var response = await second.PostAsync($"/api/v1/exports/{id}/cancel", content: null);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await Eventually.HoldsAsync(() => builder.TempFiles.Length == 0);
        Assert.Equal("cancelled", await first.StateAsync(id));
    }

    [DatabaseFact]
    public async Task Parts_of_one_download_from_two_hosts_add_up()
    {
        var (one, other) = (Start(new ExportApp(Folder)), Start(new ExportApp(Folder)));
        one.AddVideo("a.mp4", 500_000);
        using var client = one.CreateClient();
        var export = (await one.Get<ExportStore>().FindAsync((await one.ExportAsync(client, new { all = true })).Id(), default))!;
        var caller = new Caller("anonymous", "192.0.2.7");
        const int Part = 10_000;
        var parts = (int)(export.ArchiveBytes!.Value / Part);

        await Task.WhenAll(Enumerable.Range(0, parts).Select(index =>
            (index % 2 == 0 ? one : other).Get<DownloadLedger>()
                .AddAsync(export, export.Parts[0], caller, index * (long)Part, Part, default)));
        var all = await other.Get<DownloadLedger>().AddAsync(
            export, export.Parts[0], caller, parts * (long)Part, export.ArchiveBytes.Value - parts * (long)Part, default);

        Assert.Equal((export.ArchiveBytes.Value, true), (all.SentBytes, all.Complete));
    }

    [DatabaseFact]
    public async Task A_server_that_goes_away_is_a_503_and_comes_back_without_a_restart()
    {
        var app = Start(new ExportApp(Folder));
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var id = (await app.ExportAsync(client, new { all = true })).Id();

        await server.StopAsync();
        try
        {
            var list = await client.GetAsync("/api/v1/exports");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, list.StatusCode);
            Assert.Equal("database-unavailable", (await list.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.PostExportAsync(client, new { all = true })).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/")).StatusCode);
        }
        finally
        {
            await server.StartAsync();
        }

        await Eventually.HoldsAsync(async () => (await client.GetAsync($"/api/v1/exports/{id}")).StatusCode == HttpStatusCode.OK);
    }

    [DatabaseFact]
    public async Task Readiness_the_ops_page_and_metrics_say_that_the_server_is_away()
    {
        var app = Start(new ExportApp(Folder));
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        await app.ExportAsync(client, new { all = true });
        var readiness = await client.GetAsync("/healthz/ready");
        Assert.Equal(HttpStatusCode.OK, readiness.StatusCode);
        var before = await client.GetFromJsonAsync<JsonElement>("/api/v1/ops");
        Assert.Equal("PostgreSQL", before.GetProperty("versions").GetProperty("database").GetString());
        Assert.Equal(1, before.GetProperty("archives").GetArrayLength());

        await server.StopAsync();
        try
        {
            await Eventually.HoldsAsync(
                async () => (await client.GetAsync("/healthz/ready")).StatusCode == HttpStatusCode.ServiceUnavailable);
            var checks = (await (await client.GetAsync("/healthz/ready")).Content.ReadFromJsonAsync<JsonElement>())
                .GetProperty("checks")
                .EnumerateArray();
            var failed = Assert.Single(checks, check => check.State() == "failed");
            Assert.Equal(
                ("database", "database-server-unavailable"),
                (failed.GetProperty("name").GetString(), failed.GetProperty("code").GetString()));
            Assert.Contains("ConnectionStrings:Database", failed.GetProperty("remedy").GetString(), StringComparison.Ordinal);
            Assert.DoesNotContain("Username", failed.ToString(), StringComparison.Ordinal);

            var ops = await client.GetFromJsonAsync<JsonElement>("/api/v1/ops");
            Assert.False(ops.GetProperty("recordsAreKnown").GetBoolean());
            Assert.Contains("The database does not answer", await client.GetStringAsync("/ops"), StringComparison.Ordinal);
            var metrics = await client.GetStringAsync("/metrics");
            Assert.Contains("heygem_check_state{check=\"database\"} 2\n", metrics, StringComparison.Ordinal);
            Assert.DoesNotContain("heygem_exports{", metrics, StringComparison.Ordinal);
        }
        finally
        {
            await server.StartAsync();
        }

        await Eventually.HoldsAsync(async () => (await client.GetAsync("/healthz/ready")).StatusCode == HttpStatusCode.OK);
        Assert.Contains("heygem_exports{state=\"ready\"} 1\n", await client.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    protected override Task<string> NewDatabaseAsync() => server.NewDatabaseAsync();
}
