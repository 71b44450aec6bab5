using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.FileSystem;

namespace HeyGemExport.Tests.Faults;

/// <summary>Disks that are really full: each a small file system of its own.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [MountFact]
    public async Task Temp_space_that_goes_away_after_the_confirmation_fails_the_export_with_a_remedy_and_leaves_nothing()
    {
        using var disk = MountedFolder.Mount(folder["temp"], "size=64m");
        await using var app = new HeldApp(folder);
        app.AddVideo("a.mp4", 20 << 20);
        using var client = app.CreateClient();
        var id = await Aftermath.RequestAsync(client, new { all = true });
        using (new FullDisk(folder["temp"]))
        {
            await app.RunAsync(id);
            await Aftermath.FailedAsync(client, folder, id, "disk-full");
        }

        await PacksAgainAsync(app, client);
    }

    [MountFact]
    public async Task A_temp_disk_that_fills_up_in_the_middle_of_a_build_fails_the_export_and_leaves_nothing()
    {
        using var disk = MountedFolder.Mount(folder["temp"], "size=450m");
        await using var app = new HeldApp(folder);
        Clips.WriteSparseMp4(folder["outputs", "a.mp4"], MidRead.Bytes);
        using var client = app.CreateClient();
        var id = await Aftermath.RequestAsync(client, new { all = true });
        FullDisk? full = null;

        await MidRead.RunAsync(app, id, () =>
        {
            FullDisk.Release(Assert.Single(Aftermath.PartialFiles(folder)));
            full = new FullDisk(folder["temp"]);
        });

        await Aftermath.FailedAsync(client, folder, id, "disk-full");
        full!.Dispose();
        await PacksAgainAsync(app, client);
    }

    [MountFact]
    public async Task A_full_temp_disk_is_said_before_anything_is_confirmed()
    {
        using var disk = MountedFolder.Mount(folder["temp"], "size=64m");
        await using var app = new ExportApp(folder);
        app.AddVideo("a.mp4", 20 << 20);
        using var client = app.CreateClient();
        using (new FullDisk(folder["temp"]))
        {
            var refused = await app.PostExportAsync(client, new { all = true });
            Assert.Equal(HttpStatusCode.InsufficientStorage, refused.StatusCode);
            Assert.Equal("not-enough-space", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        }

        await Aftermath.NextExportWorksAsync(client, folder);
    }

    [MountFact]
    public async Task A_full_data_disk_refuses_new_exports_and_the_app_recovers_by_itself()
    {
        using var disk = MountedFolder.Mount(folder["data"], "size=4m");
        await using var app = new ExportApp(folder);
        using var client = app.CreateClient();
        await Aftermath.NextExportWorksAsync(client, folder);
        using (new FullDisk(folder["data"]))
        {
            await Eventually.HoldsAsync(async () =>
            {
                // What SQLite has set aside already may take one more.
                app.AddVideo($"{Guid.NewGuid():N}.mp4");
                var refused = await app.PostExportAsync(client, new { all = true });
                return refused.StatusCode == HttpStatusCode.ServiceUnavailable
                    && (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString() == "database-unavailable";
            });
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/healthz/live")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/")).StatusCode);
        }

        await Aftermath.NextExportWorksAsync(client, folder);
        Aftermath.NothingIsLeft(folder);
    }

    [MountFact]
    public async Task A_data_disk_that_is_full_while_an_export_runs_does_not_lose_the_export()
    {
        using var disk = MountedFolder.Mount(folder["data"], "size=4m");
        await using var app = new ExportApp(folder);
        using var client = app.CreateClient();
        var id = await Aftermath.BuildingAsync(client, folder);
        using (new FullDisk(folder["data"]))
        {
            // Not a heartbeat alone: the build is over, and its end cannot be recorded.
            await Eventually.HoldsAsync(async () => (await Aftermath.FindAsync(client, id)).GetProperty("doneFiles").GetInt32() == 1);
            var missed = await MissedAsync(id);
            await Eventually.HoldsAsync(async () => await MissedAsync(id) >= missed + 2);
        }

        await Aftermath.NextExportEndedWellAsync(client, folder, id);
        await Aftermath.NothingIsOrphanedAsync(client, folder);
    }

    [MountFact]
    public async Task A_full_log_disk_stops_nothing()
    {
        using var disk = MountedFolder.Mount(folder["logs"], "size=64k");
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));
        await using var app = new HeldApp(folder) { Time = time };
        using var client = app.CreateClient();
        string during;
        using (new FullDisk(folder["logs"]))
        {
            during = await PacksAgainAsync(app, client);
        }

        time.Advance(RollingTextFile.RetryAfter);
        var after = await PacksAgainAsync(app, client);
        var log = await Aftermath.RunLogAsync(folder);
        Assert.Contains(log, line => line.Contains(during, StringComparison.Ordinal));
        Assert.Contains(log, line => line.Contains(after, StringComparison.Ordinal));
    }

    private async Task<int> MissedAsync(string id) =>
        (await Aftermath.RunLogAsync(folder)).Count(line => line.Contains($"数据库暂时不可用, 任务 {id}", StringComparison.Ordinal));

    private static async Task<string> PacksAgainAsync(HeldApp app, HttpClient client)
    {
        var path = $"next/{Guid.NewGuid():N}.mp4";
        app.AddVideo(path);
        var id = await Aftermath.RequestAsync(client, new { paths = new[] { path } });
        await app.RunAsync(id);
        await Aftermath.NextExportEndedWellAsync(client, app.Folder, id);
        await Aftermath.NothingIsOrphanedAsync(client, app.Folder);
        return id;
    }
}
