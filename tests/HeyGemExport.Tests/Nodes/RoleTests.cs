using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hangfire;
using HeyGemExport.Nodes;
using HeyGemExport.Tests.Data;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Tests.Nodes;

/// <summary>Nodes that only serve pages, and nodes that only run jobs.</summary>
[Collection(NodesCollection.Name)]
public sealed class RoleTests(PostgreSqlServer server) : DatabaseTest
{
    [DatabaseFact]
    public async Task A_worker_runs_and_cancels_what_is_asked_for_on_a_web_node()
    {
        var web = StartAs("web");
        web.AddVideo("a.mp4");
        Clips.WriteSparseMp4(Path.Combine(web.Outputs, "large", "b.mp4"), 3L << 30);
        using var client = web.CreateClient();
        Assert.Empty(web.Get<JobStorage>().GetMonitoringApi().Servers());
        var waiting = await web.PostExportAsync(client, new { paths = new[] { "a.mp4" } });
        StartAs("worker");

        Assert.Equal("ready", (await ExportApp.EndOfAsync(client, await waiting.IdAsync())).State());
        var id = await (await web.PostExportAsync(client, new { batches = new[] { "large" } }, new { compression = "deflate" })).IdAsync();
        await Eventually.HoldsAsync(async () => await client.StateAsync(id) == "building");
        await client.PostAsync($"/api/v1/exports/{id}/cancel", content: null);

        await Eventually.HoldsAsync(() => web.TempFiles.Length == 1);
        Assert.Equal("cancelled", await client.StateAsync(id));
    }

    [DatabaseFact]
    public async Task A_worker_with_another_temp_folder_than_the_others_leaves_exports_to_them()
    {
        var web = StartAs("web");
        web.AddVideo("a.mp4");
        using var client = web.CreateClient();
        var unfit = StartAs("worker", ("Exports:TempPath", Folder["temp-2"]));
        await web.Get<NodeRegistry>().BeatAsync(default);
        await unfit.Get<NodeRegistry>().BeatAsync(default);
        Assert.True(unfit.Get<NodeRegistry>().Examine().IsUnfitToPack);
        await Eventually.HoldsAsync(() => web.Get<JobStorage>().GetMonitoringApi().Servers().Count == 3);

        var id = await (await web.PostExportAsync(client, new { all = true })).IdAsync();
        var last = await (await web.PostExportAsync(client, new { paths = new[] { "a.mp4" } }, new { checksums = true })).IdAsync();
        StartAs("worker");

        foreach (var waiting in new[] { id, last })
        {
            Assert.Equal("ready", (await ExportApp.EndOfAsync(client, waiting)).State());
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/exports/{waiting}/download")).StatusCode);
        }

        Assert.False(Directory.Exists(Folder["temp-2"]) && Directory.EnumerateFiles(Folder["temp-2"], "*.zip*").Any());
    }

    [DatabaseFact]
    public async Task A_web_node_without_a_worker_is_degraded()
    {
        var web = StartAs("web");
        using var client = web.CreateClient();

        await Eventually.HoldsAsync(async () => await ReadinessAsync(client) == ("degraded", "nodes-no-worker"));

        var worker = StartAs("worker");
        await worker.Get<NodeRegistry>().BeatAsync(default);
        await web.Get<NodeRegistry>().BeatAsync(default);

        await Eventually.HoldsAsync(async () => await ReadinessAsync(client) == ("ok", "nodes-agree"));
    }

    [DatabaseFact]
    public async Task A_worker_serves_health_and_metrics_alone()
    {
        using var client = StartAs("worker").CreateClient();

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/healthz/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/healthz/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/metrics")).StatusCode);
        string[] elsewhere = ["/", "/exports", "/ops", "/account/sign-in", "/hangfire", "/api/v1/exports", "/api/v1/ops", "/css/site.css"];
        foreach (var path in elsewhere)
        {
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(path)).StatusCode);
        }
    }

    [Theory]
    [InlineData("web", "Node:Role must be both with SQLite, ")]
    [InlineData("worker", "Node:Role must be both with SQLite, ")]
    [InlineData("page", "Node:Role must be web, worker or both")]
    public void A_role_that_cannot_work_is_refused_at_start(string role, string reason)
    {
        using var app = new ExportApp(Folder);
        app.Settings["Node:Role"] = role;

        var fault = Assert.Throws<OptionsValidationException>(() => app.Services);

        Assert.Contains(fault.Failures, failure => failure.StartsWith(reason, StringComparison.Ordinal));
    }

    protected override Task<string> NewDatabaseAsync() => server.NewDatabaseAsync();

    private static async Task<(string? Status, string? Code)> ReadinessAsync(HttpClient client)
    {
        var report = await (await client.GetAsync("/healthz/ready")).Content.ReadFromJsonAsync<JsonElement>();
        return (
            report.GetProperty("status").GetString(),
            report.GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("name").GetString() == "nodes")
                .GetProperty("code").GetString());
    }

    private ExportApp StartAs(string role, params (string Key, string Value)[] settings)
    {
        var app = new ExportApp(Folder);
        app.Settings["Node:Role"] = role;
        app.Settings["Ops:LowFreeBytes"] = "0";
        app.Settings["Ops:MinimumFreeBytes"] = "0";
        foreach (var (key, value) in settings)
        {
            app.Settings[key] = value;
        }

        return Start(app);
    }
}
