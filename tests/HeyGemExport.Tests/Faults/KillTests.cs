using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit.Abstractions;

namespace HeyGemExport.Tests.Faults;

/// <summary>
/// <c>kill -9</c> in every phase, at random moments of it, over one set of folders. <c>HEYGEM_LOOPS</c> says how often
/// (default 7, once in each phase), <c>HEYGEM_SEED</c> repeats a run.
/// </summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const long LargeBytes = 60L << 20;

    // Each archive takes 120 MB; those of earlier rounds go when the next one needs the room.
    private const string Cap = "Exports:MaxTempBytes=300000000";

    private readonly TempFolder folder = new();
    private readonly Random random = new(Seed);
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    private enum Phase
    {
        Requesting,
        Queued,
        Building,
        Verifying,
        Publishing,
        Downloading,
        Starting,
    }

    private static int Seed { get; } = Number("HEYGEM_SEED", Environment.TickCount);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Killed_at_any_moment_the_export_ends_ready_and_whole_after_the_next_start()
    {
        var loops = Number("HEYGEM_LOOPS", Enum.GetValues<Phase>().Length);
        output.WriteLine($"HEYGEM_LOOPS={loops} HEYGEM_SEED={Seed}");
        Clips.WriteSparseMp4(folder["outputs", "large", "a.mp4"], LargeBytes);
        Clips.WriteSparseMp4(folder["outputs", "large", "b.mp4"], LargeBytes);
        var server = await ServerProcess.StartAsync(folder, Cap);
        try
        {
            for (var loop = 0; loop < loops; loop++)
            {
                var phase = (Phase)(loop % Enum.GetValues<Phase>().Length);
                folder.Write("outputs/small.mp4", Clips.Mp4(seed: loop), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc)
                    .AddSeconds(2 * loop));
                var id = await KillInAsync(phase, server);
                await server.DisposeAsync();
                if (phase == Phase.Starting)
                {
                    server = await ServerProcess.StartAsync(folder, Cap);
                    await PauseAsync(150);
                    await server.KillAsync();
                    await server.DisposeAsync();
                }

                server = await ServerProcess.StartAsync(folder, Cap);
                await RecoveredAsync(server.Client, id, $"loop {loop}, {phase}, seed {Seed}");
            }

            await Aftermath.NextExportWorksAsync(server.Client, folder);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    /// <returns>The export that had been answered for, or null.</returns>
    private async Task<string?> KillInAsync(Phase phase, ServerProcess server)
    {
        if (phase == Phase.Requesting)
        {
            var asking = Aftermath.RequestAsync(server.Client, new { all = true });
            await PauseAsync(40);
            await server.KillAsync();
            return await AnswerAsync(asking);
        }

        var id = await Aftermath.RequestAsync(server.Client, new { all = true });
        switch (phase)
        {
            case Phase.Building or Phase.Verifying:
                await Eventually.HoldsAsync(async () => (await Aftermath.FindAsync(server.Client, id)).State() is var state
                    && (state is "verifying" or "ready" || (state is "building" && phase == Phase.Building)));
                await PauseAsync(60);
                break;
            case Phase.Publishing:
                var published = folder["temp", (await Aftermath.FindAsync(server.Client, id)).GetProperty("archiveName").GetString()!];
                SpinWait.SpinUntil(() => File.Exists(published), TimeSpan.FromSeconds(60));
                break;
            case Phase.Downloading:
                var export = await ExportApp.EndOfAsync(server.Client, id);
                await using (var body = await server.Client.GetStreamAsync(export.GetProperty("downloadUrl").GetString()))
                {
                    await body.ReadExactlyAsync(new byte[random.Next(1, 1 << 20)]);
                    await server.KillAsync();
                }

                return id;
        }

        await server.KillAsync();
        return id;
    }

    private static async Task<string?> AnswerAsync(Task<string> asking)
    {
        try
        {
            return await asking;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task RecoveredAsync(HttpClient client, string? id, string round)
    {
        var exports = await Eventually.FindAsync(async () =>
        {
            var found = (await client.GetFromJsonAsync<JsonElement>("/api/v1/exports?pageSize=1000")).GetProperty("items").EnumerateArray()
                .ToList();
            return found.TrueForAll(export => export.State() is "ready" or "expired" or "failed") ? found : null;
        });
        Assert.True(exports.TrueForAll(export => export.State() is not "failed"), $"{round}: {string.Join('\n', exports)}");
        Assert.True(id is null || exports.Exists(export => Is(export, id)), $"{round}: the export that was answered for is gone");
        Aftermath.NothingIsLeft(folder);
        await Aftermath.NothingIsOrphanedAsync(client, folder);

        // Of what was asked for and not answered there may be an export, and may not.
        if (exports.Find(export => known.Add(export.Id()) && export.State() == "ready") is { ValueKind: JsonValueKind.Object } ready)
        {
            await Aftermath.HoldsItsSourcesAsync(folder["temp", ready.GetProperty("archiveName").GetString()!], folder,
                ready.GetProperty("fileCount").GetInt32());
            await ResumesAsync(client, ready);
        }
        else
        {
            Assert.True(id is null, $"{round}: {exports.Find(export => Is(export, id!))}");
        }
    }

    /// <summary>The last bytes, as a browser asks for them that had the others before.</summary>
    private static async Task ResumesAsync(HttpClient client, JsonElement export)
    {
        var url = export.GetProperty("downloadUrl").GetString();
        using var before = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, url));
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Range = new RangeHeaderValue(export.GetProperty("archiveBytes").GetInt64() - 1000, null);
        request.Headers.IfRange = new RangeConditionHeaderValue(before.Headers.ETag!);
        using var response = await client.SendAsync(request);
        Assert.Equal(System.Net.HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(1000, (await response.Content.ReadAsByteArrayAsync()).Length);
    }

    private static bool Is(JsonElement export, string id) => export.GetProperty("id").GetString() == id;

    /// <summary>A random part of a time: the moment of the kill is the point, so nothing can be waited for instead.</summary>
    private Task PauseAsync(int atMostMilliseconds) => Task.Delay(random.Next(atMostMilliseconds));

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
