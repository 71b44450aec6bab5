using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.ServerSentEvents;
using System.Text.Json;
using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Jobs;
using HeyGemExport.Tests.Data;

namespace HeyGemExport.Tests.Nodes;

/// <summary>Who watches an export on one node while another one works on it.</summary>
[Collection(NodesCollection.Name)]
public sealed class WatcherTests(PostgreSqlServer server) : DatabaseTest
{
    /// <summary>Well below the time after which a record is read without a signal.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [DatabaseFact]
    public async Task A_change_on_one_node_is_seen_on_another_without_asking_again_and_again()
    {
        var (packer, other) = await StartTwoAsync();
        using var client = other.CreateClient();
        var id = await RequestAsync(packer);
        await using var watch = await Watch.OpenAsync(client, id);
        Assert.Equal("queued", (await watch.NextAsync()).State());

        var transitions = packer.Get<ExportTransitions>();
        Assert.True(await transitions.ClaimAsync(id, default));
        Assert.Equal("building", (await watch.NextAsync()).State());

        Assert.True(await transitions.HeartbeatAsync(id, new JobProgress(300, 0, 100), default));
        Assert.Equal(300, (await watch.NextAsync()).GetProperty("doneBytes").GetInt64());

        Assert.True(await transitions.CancelAsync(id, default));
        Assert.Equal("cancelled", (await watch.NextAsync()).State());
    }

    [DatabaseFact]
    public async Task Ten_watchers_ask_the_database_no_more_than_one()
    {
        var (packer, other) = await StartTwoAsync();
        using var client = other.CreateClient();
        var id = await RequestAsync(packer);
        List<Watch> watches = [];
        for (var count = 0; count < 10; count++)
        {
            watches.Add(await Watch.OpenAsync(client, id));
            await watches[^1].NextAsync();
        }

        using var statements = new Statements(Connection);
        var transitions = packer.Get<ExportTransitions>();
        Assert.True(await transitions.ClaimAsync(id, default));
        foreach (var watch in watches)
        {
            Assert.Equal("building", (await watch.NextAsync()).State());
        }

        for (var beat = 1; beat <= 5; beat++)
        {
            Assert.True(await transitions.HeartbeatAsync(id, new JobProgress(beat * 10, 0, 100), default));
            foreach (var watch in watches)
            {
                Assert.Equal(beat * 10, (await watch.NextAsync()).GetProperty("doneBytes").GetInt64());
            }
        }

        Assert.Single(statements.Of("FROM exports WHERE id = "));
        foreach (var watch in watches)
        {
            await watch.DisposeAsync();
        }
    }

    [DatabaseFact]
    public async Task What_happens_while_nothing_is_heard_is_seen_when_it_is_heard_again()
    {
        var (packer, other) = await StartTwoAsync();
        using var client = other.CreateClient();
        var id = await RequestAsync(packer);
        await using var watch = await Watch.OpenAsync(client, id);
        Assert.Equal("queued", (await watch.NextAsync()).State());

        // Signals are not kept for a connection that is gone.
        var database = packer.Get<Database>();
        Assert.True(await database.FirstAsync<long>(
            """
            SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = current_database() AND query = 'LISTEN heygem_export'
            """,
            parameters: null, default) >= 2);
        await database.ExecuteAsync("UPDATE exports SET state = 'building' WHERE id = @id", new { id }, default);

        Assert.Equal("building", (await watch.NextAsync()).State());
    }

    protected override Task<string> NewDatabaseAsync() => server.NewDatabaseAsync();

    private async Task<(HeldApp Packer, HeldApp Other)> StartTwoAsync()
    {
        var (packer, other) = (Start(new HeldApp(Folder)), Start(new HeldApp(Folder)));
        packer.AddVideo("a.mp4", 500_000);
        await Eventually.HoldsAsync(async () => await packer.Get<Database>().FirstAsync<long>(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN heygem_export'",
            parameters: null, default) == 2);
        return (packer, other);
    }

    private static async Task<string> RequestAsync(HeldApp app)
    {
        using var client = app.CreateClient();
        return await (await app.PostExportAsync(client, new { all = true })).IdAsync();
    }

    private sealed class Watch(Stream stream) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<SseItem<string>> events = SseParser.Create(stream).EnumerateAsync().GetAsyncEnumerator();

        public static async Task<Watch> OpenAsync(HttpClient client, string id) =>
            new(await client.GetStreamAsync($"/api/v1/exports/{id}/events"));

        public async Task<JsonElement> NextAsync()
        {
            Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Soon));
            return JsonDocument.Parse(events.Current.Data).RootElement;
        }

        public async ValueTask DisposeAsync() => await stream.DisposeAsync();
    }

    /// <summary>The statements that this process sends to one database.</summary>
    private sealed class Statements : IDisposable
    {
        private readonly ConcurrentQueue<string> sent = [];
        private readonly ActivityListener listener;

        public Statements(string connection)
        {
            var name = new Npgsql.NpgsqlConnectionStringBuilder(connection).Database;
            listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == "Npgsql",
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStopped = activity =>
                {
                    var tags = activity.TagObjects.ToDictionary(tag => tag.Key, tag => tag.Value as string);
                    if ((tags.GetValueOrDefault("db.namespace") ?? tags.GetValueOrDefault("db.name")) == name)
                    {
                        sent.Enqueue(tags.GetValueOrDefault("db.query.text") ?? tags.GetValueOrDefault("db.statement") ?? "");
                    }
                },
            };
            ActivitySource.AddActivityListener(listener);
        }

        public IEnumerable<string> Of(string part) => sent.Where(text => text.Contains(part, StringComparison.Ordinal));

        public void Dispose() => listener.Dispose();
    }
}
