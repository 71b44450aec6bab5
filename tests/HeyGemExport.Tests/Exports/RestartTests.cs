using System.Net.Http.Json;
using System.Text.Json;

namespace HeyGemExport.Tests.Exports;

public sealed class RestartTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("building")]
    [InlineData("verifying")]
    public async Task An_export_that_was_killed_ends_ready_after_the_next_start(string state)
    {
        AddLargeVideos();
        string id;
        await using (var server = await ServerProcess.StartAsync(folder))
        {
            id = await ReachAsync(server.Client, state);
            await server.KillAsync();
        }

        Assert.Single(Directory.GetFiles(folder["temp"], "*.partial"));
        await using var next = await ServerProcess.StartAsync(folder);
        var export = await ExportApp.EndOfAsync(next.Client, id);

        Assert.Equal("ready", export.State());
        Assert.Equal(export.GetProperty("fileCount").GetInt32(), export.GetProperty("doneFiles").GetInt32());
        Assert.True(File.Exists(folder["temp", export.GetProperty("archiveName").GetString()!]));
        Assert.Empty(Directory.GetFiles(folder["temp"], "*.partial"));
    }

    [Fact]
    public async Task A_stop_during_a_build_is_clean_and_the_next_start_takes_it_up()
    {
        AddLargeVideos();
        string id;
        await using (var server = await ServerProcess.StartAsync(folder))
        {
            id = await ReachAsync(server.Client, "building");
            Assert.Equal(0, await server.StopAsync());
        }

        Assert.Empty(Directory.GetFiles(folder["temp"], "*.partial"));
        await using var next = await ServerProcess.StartAsync(folder);
        Assert.Equal("ready", (await ExportApp.EndOfAsync(next.Client, id)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task What_was_queued_behind_it_is_not_lost_either()
    {
        AddLargeVideos();
        folder.Write("outputs/small/a.mp4", Clips.Mp4(), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        string second;
        await using (var server = await ServerProcess.StartAsync(folder))
        {
            await ReachAsync(server.Client, "building");
            var response = await server.Client.PostAsJsonAsync("/api/v1/exports", new { selection = new { batches = new[] { "small" } } });
            second = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
            await server.KillAsync();
        }

        await using var next = await ServerProcess.StartAsync(folder);
        Assert.Equal("ready", (await ExportApp.EndOfAsync(next.Client, second)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_start_removes_partial_files_that_nobody_writes_and_leaves_those_that_another_server_may_write()
    {
        Directory.CreateDirectory(folder["temp"]);
        var longAgo = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-25);
        var abandoned = folder.Write("temp/heygem_batch_result_20251219_1423_abcdefghijkl.zip.partial", [1, 2, 3], longAgo);
        var foreign = folder.Write("temp/other.zip.partial", [1, 2, 3], longAgo);
        var held = folder.Write("temp/heygem_batch_result_20251219_1424_abcdefghijkm.zip.partial", [1, 2, 3]);
        await using var app = new ExportApp(folder);
        using var client = app.CreateClient();

        await Eventually.HoldsAsync(() => !File.Exists(abandoned));

        Assert.True(File.Exists(foreign));
        Assert.True(File.Exists(held));
    }

    /// <summary>Three sparse videos, large enough that a run can be met in the middle of it.</summary>
    private void AddLargeVideos()
    {
        for (var index = 0; index < 3; index++)
        {
            Clips.WriteSparseMp4(folder["outputs", "large", $"{index}.mp4"], 300L << 20);
        }
    }

    /// <summary>Requests an export, and another one when that was quicker than the look at it.</summary>
    /// <returns>The id of the one that is in the state.</returns>
    private static async Task<string> ReachAsync(HttpClient client, string state)
    {
        int[][] choices = [[0, 1, 2], [0, 1], [0, 2], [1, 2], [0], [1], [2]];
        foreach (var choice in choices)
        {
            var selection = new { paths = choice.Select(index => $"large/{index}.mp4") };
            var response = await client.PostAsJsonAsync("/api/v1/exports", new { selection, options = new { compression = "store" } });
            var id = await response.IdAsync();
            string now = "";
            await Eventually.HoldsAsync(async () =>
            {
                var export = await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}");
                now = export.State();
                return now is "ready" || (now == state && (now is not "building" || export.GetProperty("doneBytes").GetInt64() > 0));
            });
            if (now == state)
            {
                return id;
            }
        }

        throw new InvalidOperationException($"None was met {state}.");
    }
}
