using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace HeyGemExport.Tests.Faults;

/// <summary>The download tools that people really use, across a restart of the server.</summary>
public sealed class RangeToolTests : IDisposable
{
    /// <summary>At 2 MB/s, half a minute: longer than a busy machine takes to see that they are being sent, three times.</summary>
    private const long Bytes = 60L << 20;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>The same for an archive that is nowhere but in the videos: three restarts, and equal to an uninterrupted
    /// download.</summary>
    [EachProgramTheory]
    [InlineData("curl", "--silent --show-error --fail --continue-at - --output got.zip {0}", "--limit-rate 2M")]
    [InlineData(
        "aria2c", "--quiet --continue=true -x8 -s8 -k1M --max-tries=1 --file-allocation=none --auto-save-interval=1 --out=got.zip {0}",
        "--max-overall-download-limit=2M")]
    public async Task An_instant_download_survives_three_restarts(string tool, string arguments, string slowly)
    {
        for (var index = 0; index < 6; index++)
        {
            folder.Write($"outputs/{index}.mp4", Clips.Mp4((int)(Bytes / 6), index), TimeProvider.System.GetUtcNow().UtcDateTime);
        }

        var address = "http://127.0.0.1:0";
        string? path = null;
        for (var restart = 0; restart < 3; restart++)
        {
            await using var server = await ServerProcess.StartAsync(folder, "urls=" + address);
            address = server.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);
            path ??= await RequestInstantAsync(server.Client);
            using var download = Start(tool, $"{slowly} {string.Format(null, arguments, address + path)}");
            await Eventually.HoldsAsync(async () => await IsSendingAsync(server.Client)
                && new FileInfo(folder["got.zip"]) is { Exists: true, Length: > 2_000_000 });
            await server.KillAsync();
            await download.WaitForExitAsync();
            Assert.NotEqual(0, download.ExitCode);
        }

        await using var last = await ServerProcess.StartAsync(folder, "urls=" + address);
        using var rest = Start(tool, string.Format(null, arguments, address + path));
        await rest.WaitForExitAsync();

        Assert.Equal(0, rest.ExitCode);
        Assert.Equal(await last.Client.GetByteArrayAsync(path), await File.ReadAllBytesAsync(folder["got.zip"]));
        Assert.Empty(Directory.GetFiles(folder["temp"]));
    }

    private static async Task<string> RequestInstantAsync(HttpClient client)
    {
        var export = await Eventually.FindAsync(async () =>
        {
            var response = await client.PostAsJsonAsync(
                "/api/v1/exports", new { selection = new { all = true }, options = new { delivery = "instant" } });
            return response.IsSuccessStatusCode ? response : null;
        });
        return (await export.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("downloadUrl").GetString()!;
    }

    private static async Task<bool> IsSendingAsync(HttpClient client) => (await client.GetStringAsync("/metrics")).Split('\n')
        .Any(line => line.StartsWith("heygem_downloads_active ", StringComparison.Ordinal)
            && !line.EndsWith(" 0", StringComparison.Ordinal));

    [EachProgramTheory]
    [InlineData("curl", "--silent --show-error --fail --continue-at - --output got.zip {0}", "--limit-rate 2M")]
    [InlineData("wget", "--quiet --continue --tries=1 --output-document=got.zip {0}", "--limit-rate=2m")]
    [InlineData(
        "aria2c", "--quiet --continue=true -x8 -s8 -k1M --max-tries=1 --file-allocation=none --auto-save-interval=1 --out=got.zip {0}",
        "--max-overall-download-limit=2M")]
    public async Task A_download_that_the_server_left_is_resumed_after_its_restart_and_is_whole(
        string tool, string arguments, string slowly)
    {
        for (var index = 0; index < 6; index++)
        {
            folder.Write($"outputs/{index}.mp4", Clips.Mp4((int)(Bytes / 6), index), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        Uri server;
        string url;
        await using (var first = await ServerProcess.StartAsync(folder))
        {
            server = first.Client.BaseAddress!;
            var id = await Aftermath.RequestAsync(first.Client, new { all = true });
            url = new Uri(server, (await ExportApp.EndOfAsync(first.Client, id)).GetProperty("downloadUrl").GetString()).ToString();
            using var download = Start(tool, $"{slowly} {string.Format(null, arguments, url)}");
            await Eventually.HoldsAsync(() => new FileInfo(folder["got.zip"]) is { Exists: true, Length: > 2_000_000 });
            await first.KillAsync();
            await download.WaitForExitAsync();
            Assert.NotEqual(0, download.ExitCode);
        }

        await using var next = await ServerProcess.StartAsync(folder, "urls=" + server.GetLeftPart(UriPartial.Authority));
        using var rest = Start(tool, string.Format(null, arguments, url));
        await rest.WaitForExitAsync();

        Assert.Equal(0, rest.ExitCode);
        await using var archive = File.OpenRead(Assert.Single(Directory.GetFiles(folder["temp"])));
        await using var got = File.OpenRead(folder["got.zip"]);
        Assert.Equal(await SHA256.HashDataAsync(archive), await SHA256.HashDataAsync(got));
        await ResumedAsync(next.Client, archive.Length, tool == "aria2c" ? 2 : 1);
    }

    /// <summary>The tool asked for ranges and did not simply begin again.</summary>
    private static Task ResumedAsync(HttpClient client, long length, int connections) => Eventually.HoldsAsync(async () =>
    {
        var audit = await client.GetFromJsonAsync<JsonElement>("/api/v1/audit?action=download-finished");
        var ranges = audit.GetProperty("items").EnumerateArray()
            .Where(item => item.GetProperty("detail").GetString()!.Contains("status 206", StringComparison.Ordinal)
                && item.GetProperty("bytes").GetInt64() < length)
            .ToList();
        return ranges.Count >= connections;
    });

    private Process Start(string tool, string arguments) => Process.Start(
        new ProcessStartInfo(tool, arguments) { WorkingDirectory = folder.FullPath, UseShellExecute = false })!;
}
