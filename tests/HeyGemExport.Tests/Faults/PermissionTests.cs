using System.Net;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json;

namespace HeyGemExport.Tests.Faults;

/// <summary>Rights that are taken away while the app runs. Root may do everything, so the app runs as somebody else.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PermissionTests : IDisposable
{
    private const UnixFileMode Everything = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Passable =
        Everything | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
    private const string Nobody = "65534";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [RootFact]
    public async Task A_video_that_may_not_be_read_any_more_fails_its_export_and_is_named()
    {
        AddVideo();
        var server = await StartAsync();

        await using (server)
        {
            var first = await Aftermath.BuildingAsync(server.Client, folder);
            var second = await Aftermath.RequestAsync(server.Client, new { batches = new[] { "small" } });
            File.SetUnixFileMode(folder["outputs", "small", "a.mp4"], UnixFileMode.None);
            Assert.Equal("queued", (await Aftermath.FindAsync(server.Client, second)).State());

            await Aftermath.NextExportEndedWellAsync(server.Client, folder, first);
            await Aftermath.FailedAsync(server.Client, folder, second, "source-unreadable", "small/a.mp4 unreadable");

            File.SetUnixFileMode(folder["outputs", "small", "a.mp4"], Passable);
            await Aftermath.NextExportWorksAsync(server.Client, folder);
            await Aftermath.NothingIsOrphanedAsync(server.Client, folder);
        }
    }

    [RootFact]
    public async Task A_temp_folder_that_may_not_be_written_any_more_fails_what_is_packed_and_is_clean_once_it_may()
    {
        AddVideo();
        var server = await StartAsync();

        await using (server)
        {
            var running = await Aftermath.BuildingAsync(server.Client, folder);
            File.SetUnixFileMode(folder["temp"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
            var export = await ExportApp.EndOfAsync(server.Client, running);
            Assert.Equal("temp-unwritable", export.GetProperty("error").GetProperty("code").GetString());
            Assert.Contains("Exports:TempPath", export.GetProperty("error").GetProperty("remedy").GetString(), StringComparison.Ordinal);
            Assert.Contains(await Aftermath.RunLogAsync(folder), line => line.Contains("[ERROR] 打包失败: ", StringComparison.Ordinal)
                && line.Contains(running, StringComparison.Ordinal));
            await Eventually.HoldsAsync(
                async () => (await server.Client.GetAsync("/healthz/ready")).StatusCode == HttpStatusCode.ServiceUnavailable);

            File.SetUnixFileMode(folder["temp"], Everything);
            await Aftermath.NextExportWorksAsync(server.Client, folder);
            await Eventually.HoldsAsync(async () => (await server.Client.GetAsync("/healthz/ready")).StatusCode == HttpStatusCode.OK);
        }

        // What could not be deleted in a folder without rights goes with the next sweep.
        await using var next = await StartAsync();
        await Eventually.HoldsAsync(() => Aftermath.PartialFiles(folder).Length == 0);
        await Aftermath.NothingIsOrphanedAsync(next.Client, folder);
    }

    [RootFact]
    public async Task An_outputs_folder_that_may_not_be_read_any_more_is_said_and_is_taken_up_again_by_itself()
    {
        AddVideo();

        // No event tells of it; without polling the library looks again only after half a minute.
        var server = await StartAsync("Library:Watch=polling");

        await using (server)
        {
            File.SetUnixFileMode(folder["outputs"], UnixFileMode.None);
            await Eventually.HoldsAsync(async () =>
            {
                var refused = await server.Client.PostAsJsonAsync("/api/v1/exports", new { selection = new { all = true } });
                return refused.StatusCode == HttpStatusCode.ServiceUnavailable
                    && (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString() == "outputs-unavailable";
            });
            await Eventually.HoldsAsync(
                async () => (await server.Client.GetAsync("/healthz/ready")).StatusCode == HttpStatusCode.ServiceUnavailable);

            File.SetUnixFileMode(folder["outputs"], Passable);
            await Eventually.HoldsAsync(async () => (await server.Client.GetAsync("/healthz/ready")).StatusCode == HttpStatusCode.OK);
            await Aftermath.NextExportWorksAsync(server.Client, folder);
        }
    }

    private void AddVideo() => folder.Write("outputs/small/a.mp4", Clips.Mp4(), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));

    private async Task<ServerProcess> StartAsync(params string[] settings)
    {
        foreach (var name in (string[])["outputs", "temp", "data", "logs"])
        {
            Directory.CreateDirectory(folder[name]);
        }

        Directory.CreateDirectory(folder["outputs", "next"]);
        File.SetUnixFileMode(folder.FullPath, Passable);
        Assert.True(MountedFolder.Run("chown", "-R", Nobody, folder.FullPath));
        return await ServerProcess.StartByAsync(["setpriv", "--reuid=" + Nobody, "--regid=" + Nobody, "--clear-groups"], folder, settings);
    }
}
