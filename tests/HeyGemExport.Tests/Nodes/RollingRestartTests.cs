using System.Diagnostics;
using HeyGemExport.Tests.Data;
using HeyGemExport.Tests.Faults;

namespace HeyGemExport.Tests.Nodes;

/// <summary>Two processes over one PostgreSQL that are exchanged one after the other, as an upgrade does it.</summary>
[Collection(NodesCollection.Name)]
public sealed class RollingRestartTests(PostgreSqlServer server) : DatabaseTest
{
    private const int Bytes = 15 << 20;

    /// <summary>A client that asks the other node where one breaks off, and goes on with what it has.</summary>
    private const string Client =
        "until curl --silent --fail --continue-at - --limit-rate 5M --output \"$1\" \"$2\"; do set -- \"$1\" \"$3\" \"$2\"; done";

    [DatabaseFact]
    public async Task Downloads_that_are_resumed_on_the_other_node_are_whole()
    {
        for (var index = 0; index < 4; index++)
        {
            Folder.Write($"outputs/{index}.mp4", Clips.Mp4(Bytes, index), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        var nodes = new[] { await StartAsync(0), await StartAsync(1) };
        var id = await Aftermath.RequestAsync(nodes[0].Client, new { all = true });
        var path = (await ExportApp.EndOfAsync(nodes[0].Client, id)).GetProperty("downloadUrl").GetString()!;
        var urls = nodes.Select(node => new Uri(node.Client.BaseAddress!, path).ToString()).ToArray();
        var files = Enumerable.Range(0, 4).Select(index => Folder[$"got{index}.zip"]).ToArray();

        var downloads = files
            .Select((file, index) => Process.Start("sh", ["-c", Client, "sh", file, urls[index % 2], urls[1 - (index % 2)]]))
            .ToList();
        await Eventually.HoldsAsync(() => files.All(file => new FileInfo(file) is { Exists: true, Length: > 2_000_000 }));
        for (var index = 0; index < nodes.Length; index++)
        {
            var address = nodes[index].Client.BaseAddress!;
            Assert.Equal(0, await nodes[index].StopAsync());
            await nodes[index].DisposeAsync();
            nodes[index] = await StartAsync(index, address);
        }

        var archive = await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(Folder["temp"], "*.zip")));
        foreach (var (download, file) in downloads.Zip(files))
        {
            await download.WaitForExitAsync();
            download.Dispose();
            Assert.Equal(archive, await File.ReadAllBytesAsync(file));
        }

        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    protected override Task<string> NewDatabaseAsync() => server.NewDatabaseAsync();

    private Task<ServerProcess> StartAsync(int index, Uri? address = null) => ServerProcess.StartAsync(
        Folder, "ConnectionStrings:Database=" + Connection,
        "Data:Path=" + Folder[$"data{index}"], "Logs:Path=" + Folder[$"logs{index}"],
        "urls=" + (address?.GetLeftPart(UriPartial.Authority) ?? "http://127.0.0.1:0"));
}
