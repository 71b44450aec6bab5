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
            id = await RequestAsync(server.Client);
            await ReachAsync(server.Client, id, state);
            await server.KillAsync();
        }

        Assert.Single(Directory.GetFiles(folder["temp"], "*.partial"));
        await using var next = await ServerProcess.StartAsync(folder);
        var export = await ExportApp.EndOfAsync(next.Client, id);

        Assert.Equal("ready", export.GetProperty("state").GetString());
        Assert.Equal(3, export.GetProperty("doneFiles").GetInt32());
        Assert.Equal(export.GetProperty("archiveName").GetString(), Path.GetFileName(Assert.Single(Directory.GetFiles(folder["temp"]))));
    }

    [Fact]
    public async Task A_stop_during_a_build_is_clean_and_the_next_start_takes_it_up()
    {
        AddLargeVideos();
        string id;
        await using (var server = await ServerProcess.StartAsync(folder))
        {
            id = await RequestAsync(server.Client);
            await ReachAsync(server.Client, id, "building");
            Assert.Equal(0, await server.StopAsync());
        }

        Assert.Empty(Directory.GetFiles(folder["temp"]));
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
            await ReachAsync(server.Client, await RequestAsync(server.Client), "building");
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

    private static async Task<string> RequestAsync(HttpClient client)
    {
        var response =
            await client.PostAsJsonAsync(
            "/api/v1/exports", new { selection = new { batches = new[] { "large" } }, options = new { compression = "store" } });
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static async Task ReachAsync(HttpClient client, string id, string state) => await Eventually.HoldsAsync(async () =>
    {
        var export = await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}");
        Assert.NotEqual("ready", export.GetProperty("state").GetString());
        return export.GetProperty("state").GetString() == state && (state != "building" || export.GetProperty("doneBytes").GetInt64() > 0);
    });
}
