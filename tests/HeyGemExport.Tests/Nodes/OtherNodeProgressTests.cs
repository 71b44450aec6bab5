using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Archives;
using HeyGemExport.Exports;
using HeyGemExport.Tests.Data;

namespace HeyGemExport.Tests.Nodes;

/// <summary>What a node shows of an export that another one is packing.</summary>
[Collection(NodesCollection.Name)]
public sealed class OtherNodeProgressTests(PostgreSqlServer server) : DatabaseTest
{
    [DatabaseFact]
    public async Task Speed_and_time_left_are_those_of_the_node_that_packs()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var (packer, other) = (Start(new HeldApp(Folder) { Time = clock }), Start(new HeldApp(Folder)));
        var total = packer.AddVideo("a.mp4", 500_000).LongLength;
        using var client = packer.CreateClient();
        using var elsewhere = other.CreateClient();
        var id = await (await packer.PostExportAsync(client, new { all = true })).IdAsync();
        var (transitions, board) = (packer.Get<ExportTransitions>(), packer.Get<ExportProgressBoard>());

        Assert.True(await transitions.ClaimAsync(id, default));
        await WorkAsync(board.Begin(id, ExportState.Building), files: 0, bytes: 100_000);
        await AssertSameAsync(100_000, 0, (total * 2) - 100_000);

        Assert.True(await transitions.VerifyAsync(id, default));
        await WorkAsync(board.Begin(id, ExportState.Verifying), files: 1, bytes: 400_000);
        await AssertSameAsync(total, 400_000, total - 400_000);

        Assert.True(await transitions.FailAsync(id, new ExportError("interrupted"), default));
        var ended = await ReadAsync(elsewhere);
        Assert.False(ended.TryGetProperty("bytesPerSecond", out var speed) && speed.ValueKind is JsonValueKind.Number);

        async Task WorkAsync(IProgress<ArchiveProgress> progress, int files, long bytes)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            progress.Report(new ArchiveProgress(files, bytes));
            Assert.True(await transitions.HeartbeatAsync(id, board.Find(id)!.Value, default));
        }

        async Task AssertSameAsync(long done, long verified, long left)
        {
            var perSecond = verified > 0 ? verified : done;
            foreach (var node in new[] { client, elsewhere })
            {
                var export = await ReadAsync(node);
                Assert.Equal(
                    (done, verified, perSecond, (double)left / perSecond),
                    (Number("doneBytes"), Number("verifiedBytes"), Number("bytesPerSecond"), export.GetProperty("etaSeconds").GetDouble()));

                long Number(string name) => (long)export.GetProperty(name).GetDouble();
            }
        }

        Task<JsonElement> ReadAsync(HttpClient node) => node.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}");
    }

    protected override Task<string> NewDatabaseAsync() => server.NewDatabaseAsync();
}
