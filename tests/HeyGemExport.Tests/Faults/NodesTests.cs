using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Tests.Data;

namespace HeyGemExport.Tests.Faults;

/// <summary>Processes over one PostgreSQL, one outputs and one temp folder, that die or stand still.</summary>
[Collection(NodesCollection.Name)]
public sealed class NodesTests(PostgreSqlServer server) : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private readonly List<ServerProcess> nodes = [];
    private string database = "";

    public async Task InitializeAsync() => database = await server.NewDatabaseAsync();

    public async Task DisposeAsync()
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        folder.Dispose();
    }

    [DatabaseFact]
    public async Task The_work_of_a_killed_node_is_taken_over_in_half_a_minute()
    {
        var killed = await StartAsync();
        var id = await BuildingAsync(killed.Client);
        var other = await StartAsync();
        await killed.KillAsync();
        var since = Stopwatch.StartNew();

        await Eventually.HoldsAsync(async () => await StartsAsync(other.Client, id) == 2);
        Assert.True(since.Elapsed < TimeSpan.FromSeconds(30), $"It took {since.Elapsed}.");
        await Aftermath.NextExportEndedWellAsync(other.Client, folder, id);
        Aftermath.NothingIsLeft(folder);
    }

    [DatabaseFact]
    public async Task A_node_that_stood_still_and_goes_on_touches_nothing_of_the_one_that_took_over()
    {
        var still = await StartAsync();
        var id = await BuildingAsync(still.Client);
        var other = await StartAsync();
        using (still.Freeze())
        {
            var export = await ExportApp.EndOfAsync(other.Client, id);
            Assert.True(export.State() == "ready", export.ToString());
        }

        // It is given up, and the node works on.
        await Aftermath.NextExportWorksAsync(still.Client, folder);
        await Eventually.HoldsAsync(() => Aftermath.PartialFiles(folder).Length == 0);
        await Aftermath.NextExportEndedWellAsync(still.Client, folder, id);
        await Aftermath.NextExportEndedWellAsync(other.Client, folder, id);
        Assert.Equal(2, await StartsAsync(other.Client, id));
        Assert.Equal(2, Directory.GetFiles(folder["temp"], "*.zip", SearchOption.AllDirectories).Length);
    }

    [DatabaseFact]
    public async Task Builds_go_on_while_the_database_stands_still_and_requests_are_answered()
    {
        var builder = await StartAsync();
        var other = await StartAsync();
        var id = await BuildingAsync(builder.Client);
        using (server.Freeze())
        {
            foreach (var address in new[] { "/api/v1/exports", "/exports", "/", "/api/v1/exports/" + id })
            {
                var since = Stopwatch.StartNew();
                using var response = await other.Client.GetAsync(address);
                Assert.True(
                    response.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{address}: {response.StatusCode}");
                Assert.True(since.Elapsed < TimeSpan.FromSeconds(10), $"{address}: {since.Elapsed}");
            }

            // Longer than the engine keeps a job for a worker that it does not hear of.
            await Eventually.HoldsAsync(new Func<bool>(new Wait(TimeSpan.FromSeconds(20)).IsOver));
        }

        await Aftermath.NextExportEndedWellAsync(other.Client, folder, id);
        Assert.Equal(1, await StartsAsync(other.Client, id));
    }

    [DatabaseFact]
    public async Task Kills_in_a_burst_of_confirmations_stop_no_node_and_lose_nothing()
    {
        var lasting = await StartAsync();
        List<string> ids = [];
        for (var round = 0; round < 3; round++)
        {
            var killed = await StartAsync();
            for (var index = 0; index < 20; index++)
            {
                folder.Write(
                    $"outputs/{round}-{index}/a.mp4", Clips.Mp4(seed: (round * 20) + index),
                    new DateTime(2026, 1, 2, 3, 4, 6, DateTimeKind.Utc));
            }

            var confirmations = Enumerable.Range(0, 20).Select(index => TryConfirmAsync(killed.Client, $"{round}-{index}")).ToList();
            await Task.WhenAny(confirmations.Skip(5));
            await killed.KillAsync();
            ids.AddRange((await Task.WhenAll(confirmations)).OfType<string>());
        }

        foreach (var id in ids)
        {
            Assert.Equal("ready", (await ExportApp.EndOfAsync(lasting.Client, id)).State());
        }

        // What the killed nodes did not live to answer is found within two minutes.
        await Eventually.HoldsAsync(
            async () => !(await lasting.Client.GetFromJsonAsync<JsonElement>("/api/v1/exports?pageSize=200"))
                .GetProperty("items").EnumerateArray().Any(export => export.State() is "queued" or "building" or "verifying"),
            TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.OK, (await lasting.Client.GetAsync("/healthz/ready")).StatusCode);
    }

    private static async Task<string?> TryConfirmAsync(HttpClient client, string batch)
    {
        try
        {
            var response = await client.PostAsJsonAsync("/api/v1/exports", new { selection = new { batches = new[] { batch } } });
            return response.IsSuccessStatusCode ? await response.IdAsync() : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<int> StartsAsync(HttpClient client, string id) =>
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/audit?action=export-started")).GetProperty("items").EnumerateArray()
            .Count(record => record.GetProperty("exportId").GetString() == id);

    /// <summary>A node with data and logs of its own.</summary>
    private async Task<ServerProcess> StartAsync()
    {
        var number = nodes.Count;
        var node = await ServerProcess.StartAsync(
            folder, "ConnectionStrings:Database=" + database, "Data:Path=" + folder[$"data{number}"],
            "Logs:Path=" + folder[$"logs{number}"]);
        nodes.Add(node);
        return node;
    }

    private Task<string> BuildingAsync(HttpClient client) => Aftermath.BuildingAsync(client, folder, bytes: 2L << 30);

    private sealed class Wait(TimeSpan length)
    {
        private readonly Stopwatch since = Stopwatch.StartNew();

        public bool IsOver() => since.Elapsed > length;
    }
}
