using System.Net;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json;
using HeyGemExport.Tests.Faults;
using HeyGemExport.Tests.Shares;

namespace HeyGemExport.Tests.Security;

/// <summary>What others on the machine can read of the service, and what they can do to it by files of theirs.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivateFilesTests : IDisposable
{
    private const UnixFileMode Shared = (UnixFileMode)0b1_111_111_111;
    private const UnixFileMode OfOthers = (UnixFileMode)0b111_111;
    private const string Nobody = "65534";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Nothing_that_is_written_can_be_read_by_others_whatever_the_umask()
    {
        folder.Write("outputs/a/a.mp4", Clips.Mp4(), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        string[] withoutUmask = ["sh", "-c", "umask 0; exec \"$@\"", "sh"];
        await using (var first = await ServerProcess.StartByAsync(withoutUmask, folder, "Accounts:Mode=accounts"))
        {
            await Eventually.HoldsAsync(() => File.Exists(folder["logs", "audit.jsonl"]));
            await first.StopAsync();
        }

        await using var server = await ServerProcess.StartByAsync(withoutUmask, folder);
        var id = await Aftermath.RequestAsync(server.Client, new { all = true });
        await ExportApp.EndOfAsync(server.Client, id);
        _ = await server.Client.GetStringAsync("/");

        var written = new[] { "temp", "data", "logs" }.SelectMany(name => Directory.GetFileSystemEntries(
            folder[name], "*", SearchOption.AllDirectories).Append(folder[name])).ToList();
        Assert.True(written.Count >= 9, string.Join(' ', written));
        Assert.DoesNotContain(written, path => (File.GetUnixFileMode(path) & OfOthers) != UnixFileMode.None);
    }

    [Fact]
    public async Task A_database_and_logs_of_an_earlier_version_are_taken_back_from_others()
    {
        await using (var before = new HeldApp(folder))
        {
            using var client = before.CreateClient();
            await client.GetAsync("/api/v1/exports");
        }

        string[] files = [folder["data", "heygem-export.db"], folder["logs", "运行实时日志.log"]];
        Array.ForEach(files, file => File.SetUnixFileMode(file, (UnixFileMode)0b110_100_100));

        await using var app = new HeldApp(folder);
        using var again = app.CreateClient();
        await again.GetAsync("/api/v1/exports");

        Assert.All(files, file => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(file) & OfOthers));
    }

    [RootFact]
    public async Task In_a_temp_directory_of_everybody_archives_are_in_a_folder_that_is_the_services_own()
    {
        Directory.CreateDirectory(folder["temp"]);
        File.SetUnixFileMode(folder["temp"], Shared);

        // Somebody was there first, and another one leads the service to a folder of its own.
        Directory.CreateDirectory(folder["temp", "heygem-export"]);
        Assert.True(MountedFolder.Run("chown", Nobody, folder["temp", "heygem-export"]));
        Directory.CreateSymbolicLink(folder["temp", "heygem-export-2"], folder["data"]);
        await using var app = new HeldApp(folder);
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();

        var id = await app.PackAsync(client);

        var archive = Assert.Single(Directory.GetFiles(folder["temp", "heygem-export-3"]));
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(folder["temp", "heygem-export-3"]) & OfOthers);
        Assert.Equal(await File.ReadAllBytesAsync(archive), await client.GetByteArrayAsync($"/exports/{id}/download"));
        Assert.Empty(Directory.GetFileSystemEntries(folder["temp", "heygem-export"]));

        await client.PostAsync($"/api/v1/exports/{id}/remove", content: null);
        Assert.False(File.Exists(archive));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".partial")]
    public async Task A_name_that_is_taken_leads_to_another_name(string suffix)
    {
        await using var app = new HeldApp(folder);
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var asked = await (await app.PostExportAsync(client, new { all = true })).Content.ReadFromJsonAsync<JsonElement>();
        var secret = folder.Write("secret", [1, 2, 3]);
        Directory.CreateDirectory(app.Temp);
        File.CreateSymbolicLink(Path.Combine(app.Temp, asked.GetProperty("archiveName").GetString() + suffix), secret);

        await app.RunAsync(asked.Id());

        Assert.Equal("ready", await client.StateAsync(asked.Id()));
        using var answer = await client.GetAsync($"/exports/{asked.Id()}/download");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("PK"u8.ToArray(), (await answer.Content.ReadAsByteArrayAsync())[..2]);
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(secret));
    }
}
