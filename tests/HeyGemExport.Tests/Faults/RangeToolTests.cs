using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace HeyGemExport.Tests.Faults;

/// <summary>The download tools that people really use, across a restart of the server.</summary>
public sealed class RangeToolTests : IDisposable
{
    /// <summary>More than the buffers of the connections take, with three times <see cref="Beginning"/>.</summary>
    private const int Bytes = 60 << 20;

    /// <summary>What arrives before the server is killed.</summary>
    private const int Beginning = 6 << 20;

    private const string Curl = "--silent --show-error --fail --continue-at - --output got.zip";
    private const string Wget = "--quiet --continue --tries=1 --output-document=got.zip";
    private const string Aria2 =
        "--quiet --continue=true -x8 -s8 -k1M --max-tries=1 --file-allocation=none --auto-save-interval=1 --out=got.zip";

    private readonly TempFolder folder = new();
    private readonly Relay relay = new();

    public RangeToolTests()
    {
        for (var index = 0; index < 6; index++)
        {
            folder.Write($"outputs/{index}.mp4", Clips.Mp4(Bytes / 6, index), TimeProvider.System.GetUtcNow().UtcDateTime);
        }
    }

    public void Dispose()
    {
        relay.Dispose();
        folder.Dispose();
    }

    [EachProgramTheory]
    [InlineData("curl", Curl)]
    [InlineData("wget", Wget)]
    [InlineData("aria2c", Aria2)]
    public async Task A_download_that_the_server_left_is_resumed_after_its_restart_and_is_whole(string tool, string arguments)
    {
        string path;
        await using (var first = await ServerProcess.StartAsync(folder))
        {
            var id = await Aftermath.RequestAsync(first.Client, new { all = true });
            path = (await ExportApp.EndOfAsync(first.Client, id)).GetProperty("downloadUrl").GetString()!;
            await BreakOffAsync(tool, arguments, path, first);
        }

        await using var next = await ServerProcess.StartAsync(folder);
        await CompleteAsync(tool, arguments, path, next);

        await using var archive = File.OpenRead(Assert.Single(Directory.GetFiles(folder["temp"])));
        await using var got = File.OpenRead(folder["got.zip"]);
        Assert.Equal(await SHA256.HashDataAsync(archive), await SHA256.HashDataAsync(got));
        await ResumedAsync(next.Client, archive.Length, tool == "aria2c" ? 2 : 1);
    }

    /// <summary>The same for an archive that is nowhere but in the videos: three restarts, and equal to an uninterrupted
    /// download.</summary>
    [EachProgramTheory]
    [InlineData("curl", Curl)]
    [InlineData("aria2c", Aria2)]
    public async Task An_instant_download_survives_three_restarts(string tool, string arguments)
    {
        string? path = null;
        for (var restart = 0; restart < 3; restart++)
        {
            await using var server = await ServerProcess.StartAsync(folder);
            path ??= await RequestInstantAsync(server.Client);
            await BreakOffAsync(tool, arguments, path, server);
        }

        await using var last = await ServerProcess.StartAsync(folder);
        await CompleteAsync(tool, arguments, path!, last);

        Assert.Equal(await last.Client.GetByteArrayAsync(path), await File.ReadAllBytesAsync(folder["got.zip"]));
        Assert.Empty(Directory.GetFiles(folder["temp"]));
    }

    private async Task BreakOffAsync(string tool, string arguments, string path, ServerProcess server)
    {
        var arrived = relay.Open(server.Client.BaseAddress!, Beginning);
        using var download = Start(tool, arguments, path);
        var ended = download.WaitForExitAsync();
        Assert.Same(arrived, await Task.WhenAny(arrived, ended));
        await server.KillAsync();
        await relay.CutAsync();
        await ended;
        Assert.NotEqual(0, download.ExitCode);
    }

    private async Task CompleteAsync(string tool, string arguments, string path, ServerProcess server)
    {
        _ = relay.Open(server.Client.BaseAddress!);
        using var rest = Start(tool, arguments, path);
        await rest.WaitForExitAsync();
        Assert.Equal(0, rest.ExitCode);
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

    private Process Start(string tool, string arguments, string path) => Process.Start(
        new ProcessStartInfo(tool, $"{arguments} {new Uri(relay.Address, path)}")
        {
            WorkingDirectory = folder.FullPath,
            UseShellExecute = false,
        })!;
}
