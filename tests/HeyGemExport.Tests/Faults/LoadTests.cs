using System.Globalization;
using Xunit.Abstractions;

namespace HeyGemExport.Tests.Faults;

/// <summary>Many at once and for long, on loopback and bounded; the server is a process of its own, so that its memory is its
/// own.</summary>
public sealed class LoadTests(ITestOutputHelper output) : IDisposable
{
    private const int Megabyte = 1 << 20;
    private const int TempCap = 60_000_000;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Two_hundred_downloads_at_once_take_no_more_memory_than_a_few()
    {
        const int clients = 200;
        Clips.WriteSparseMp4(folder["outputs", "a.mp4"], 200L * Megabyte);
        await using var server = await ServerProcess.StartAsync(folder);
        var id = await Aftermath.RequestAsync(server.Client, new { all = true });
        var url = (await ExportApp.EndOfAsync(server.Client, id)).GetProperty("downloadUrl").GetString()!;
        await DownloadAsync(server.Client, url, 4);
        var few = server.PeakMegabytes;

        await DownloadAsync(server.Client, url, clients);

        var many = server.PeakMegabytes;
        output.WriteLine($"peak memory: {few} MB with 4 downloads, {many} MB with {clients}");
        Assert.InRange(many, 0, 400);
        Assert.InRange(many - few, 0, 150);
        await Eventually.HoldsAsync(() => !server.OpenFiles.Any(file => file.EndsWith(".zip", StringComparison.Ordinal)));
        await Aftermath.NextExportWorksAsync(server.Client, folder);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Twenty_exports_that_are_queued_at_once_all_end_ready(int workers)
    {
        for (var index = 0; index < 20; index++)
        {
            folder.Write($"outputs/batch-{index:D2}/a.mp4", Clips.Mp4(Megabyte, index),
                new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        await using var server = await ServerProcess.StartAsync(
            folder, string.Create(CultureInfo.InvariantCulture, $"Exports:Workers={workers}"));
        var ids =
            await Task.WhenAll(
            Enumerable.Range(0, 20)
            .Select(index => Aftermath.RequestAsync(server.Client, new { batches = new[] { $"batch-{index:D2}" } })));

        Assert.Equal(20, ids.Distinct(StringComparer.Ordinal).Count());
        foreach (var id in ids)
        {
            await Aftermath.NextExportEndedWellAsync(server.Client, folder, id);
        }

        await Aftermath.NothingIsOrphanedAsync(server.Client, folder);
    }

    /// <summary><c>HEYGEM_SOAK_SECONDS</c> says for how long; default 10.</summary>
    [Fact]
    public async Task After_a_time_of_everything_at_once_memory_handles_and_temp_files_are_where_they_began()
    {
        var seconds = int.TryParse(Environment.GetEnvironmentVariable("HEYGEM_SOAK_SECONDS"), CultureInfo.InvariantCulture, out var asked)
            ? asked : 10;
        folder.Write("outputs/steady/a.mp4", Clips.Mp4(8 * Megabyte), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await using var server = await ServerProcess.StartAsync(
            folder, string.Create(CultureInfo.InvariantCulture, $"Exports:MaxTempBytes={TempCap}"));
        var round = 0;
        for (var warm = 0; warm < 8; warm++)
        {
            await RoundAsync(server, round++);
        }

        var before = await MeasureAsync(server);
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (!end.IsCancellationRequested)
        {
            await RoundAsync(server, round++);
        }

        var after = await MeasureAsync(server);
        output.WriteLine(
            $"{round} rounds in {seconds} s: memory {before.Megabytes} → {after.Megabytes} MB, "
            + $"handles {before.Handles} → {after.Handles}, temp files {before.TempFiles} → {after.TempFiles}");
        Assert.InRange(after.Megabytes - before.Megabytes, -1000, 100);
        Assert.InRange(after.Handles - before.Handles, -1000, 8);
        Assert.InRange(new DirectoryInfo(folder["temp"]).EnumerateFiles().Sum(file => file.Length), 0, TempCap);
        Aftermath.NothingIsLeft(folder);
    }

    /// <summary>One export is downloaded whole, one is left in the middle, one is cancelled, and pages are read beside it.</summary>
    private async Task RoundAsync(ServerProcess server, int round)
    {
        folder.Write("outputs/steady/b.mp4", Clips.Mp4(Megabyte, round), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc)
            .AddSeconds(2 * round));
        var whole = Aftermath.RequestAsync(server.Client, new { all = true });
        var other = Aftermath.RequestAsync(server.Client, new { paths = new[] { "steady/b.mp4" } });
        await server.Client.PostAsync($"/api/v1/exports/{await other}/cancel", content: null);
        var export = await ExportApp.EndOfAsync(server.Client, await whole);
        Assert.True(export.State() == "ready", export.ToString());
        var url = export.GetProperty("downloadUrl").GetString()!;
        await using (var left = await server.Client.GetStreamAsync(url))
        {
            await left.ReadExactlyAsync(new byte[1000]);
        }

        Assert.Equal(export.GetProperty("archiveBytes").GetInt64(), (await server.Client.GetByteArrayAsync(url)).Length);
        await server.Client.GetStringAsync("/");
        await server.Client.GetStringAsync("/exports");
    }

    /// <summary>All have begun before any goes on; then each takes 8 MB and leaves.</summary>
    private static async Task DownloadAsync(HttpClient client, string url, int count)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = count;
        await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            await using var body = await client.GetStreamAsync(url);
            var buffer = new byte[64 * 1024];
            await body.ReadExactlyAsync(buffer);
            if (Interlocked.Decrement(ref waiting) == 0)
            {
                begun.SetResult();
            }

            await begun.Task;
            for (var taken = 0; taken < 8 * Megabyte; taken += buffer.Length)
            {
                await body.ReadExactlyAsync(buffer);
            }
        }));
    }

    private async Task<(long Megabytes, int Handles, int TempFiles)> MeasureAsync(ServerProcess server)
    {
        // Connections that were left close on their own time.
        await Eventually.HoldsAsync(() => !server.OpenFiles.Any(file => file.Contains(".zip", StringComparison.Ordinal)));
        return (server.Megabytes, server.OpenFiles.Count(file => !file.StartsWith("socket:", StringComparison.Ordinal)),
            Directory.GetFiles(folder["temp"]).Length);
    }
}
