using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace HeyGemExport.Bench;

/// <summary>The app as a process of its own, on a free port of 127.0.0.1 and over folders of its own.</summary>
internal sealed class AppServer : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Process process;
    private readonly Task<string> output;
    private readonly HttpClient client;
    private readonly string[] batches;

    private AppServer(Process process, Uri address, string[] batches)
    {
        this.batches = batches;
        this.process = process;
        client = new HttpClient { BaseAddress = address, Timeout = Patience };

        // Read on, or the pipe fills up and the app stands still.
        output = process.StandardOutput.ReadToEndAsync();
    }

    public TimeSpan Processor => Refreshed().TotalProcessorTime;

    /// <summary>Starts it, waits until it has found all videos, has it pack the warm-up clip, and waits until it is idle.</summary>
    /// <param name="folder">For temp, data and logs.</param>
    public static async Task<AppServer> StartAsync(string outputs, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        string[] arguments =
        [
            AppPath(), "--urls=http://127.0.0.1:0", $"--contentRoot={folder}",
            $"--Library:OutputsPath={outputs}", "--Library:SettleSeconds=0", $"--Exports:TempPath={TempFolder(folder)}",
            $"--Data:Path={Path.Combine(folder, "data")}", $"--Logs:Path={Path.Combine(folder, "logs")}",
        ];
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        var started = Process.Start(start)!;
        while (await started.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
            {
                var server = new AppServer(started, new Uri(line[(at + Listening.Length)..].Trim()), Clips.Batches(outputs));
                await server.WaitForVideosAsync(Clips.Count(outputs), cancellationToken);
                await server.RemoveArchivesAsync(cancellationToken);
                await server.PackAsync(new { paths = new[] { Clips.WarmUp } }, cancellationToken);
                await server.WaitUntilIdleAsync(cancellationToken);
                return server;
            }
        }

        throw new InvalidOperationException("The app ended before it listened; see its run log.");
    }

    /// <summary>Where its archives are.</summary>
    public static string TempFolder(string folder) => Path.Combine(folder, "temp");

    /// <summary>Waits until the fingerprints of all videos are known, as far as the app takes them by itself.</summary>
    /// <returns>False when the app has no such gauge.</returns>
    public async Task<bool> FingerprintsAreKnownAsync(CancellationToken cancellationToken)
    {
        const string Gauge = "heygem_fingerprints_pending ";
        while (true)
        {
            var metrics = await client.GetStringAsync("/metrics", cancellationToken);
            var line = metrics.Split('\n').FirstOrDefault(line => line.StartsWith(Gauge, StringComparison.Ordinal));
            if (line is null || double.Parse(line[Gauge.Length..], CultureInfo.InvariantCulture) == 0)
            {
                return line is not null;
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Packs all clips, from the request until the archive is ready.</summary>
    /// <param name="row">What the table calls it; a second row tells when the archive's SHA-256 is known, where that is later.</param>
    public async Task<IReadOnlyList<Measurement>> MeasureAsync(string row, CancellationToken cancellationToken)
    {
        var (begin, processor) = (Stopwatch.GetTimestamp(), Processor);
        var export = await PackAsync(new { batches }, cancellationToken);
        var ready = Cost();
        if (HasSum(export))
        {
            return [new(row, ready)];
        }

        while (!HasSum(export))
        {
            await Task.Delay(Pause, cancellationToken);
            export = await ExportAsync(export.GetProperty("id").GetString()!, cancellationToken);
        }

        return [new(row, ready), new(row + ", and the archive's SHA-256", Cost())];

        Cost Cost() => new(
            Stopwatch.GetElapsedTime(begin),
            Processor - processor,
            Refreshed().PeakWorkingSet64,
            export.GetProperty("archiveBytes").GetInt64());
    }

    /// <returns>The address of the archive of all clips, and its name.</returns>
    public async Task<(Uri Url, string Name)> ArchiveAsync(CancellationToken cancellationToken)
    {
        var export = await PackAsync(new { batches }, cancellationToken);
        var url = new Uri(client.BaseAddress!, export.GetProperty("downloadUrl").GetString());
        return (url, export.GetProperty("archiveName").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        await output;
        process.Dispose();
    }

    private static bool Is(JsonElement export, string state) =>
        string.Equals(export.GetProperty("state").GetString(), state, StringComparison.Ordinal);

    private static bool HasSum(JsonElement export) => export.GetProperty("archiveSha256").ValueKind == JsonValueKind.String;

    private static string AppPath()
    {
        // …/bench/HeyGemExport.Bench/bin/<configuration>/<framework>/
        var bin = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var repository = bin.Parent!.Parent!.Parent!.Parent!.Parent!;
        return Path.Combine(repository.FullName, "src", "HeyGemExport", "bin", bin.Parent.Name, bin.Name, "HeyGemExport.dll");
    }

    /// <summary>So that the same content is packed again.</summary>
    private async Task RemoveArchivesAsync(CancellationToken cancellationToken)
    {
        var exports = await client.GetFromJsonAsync<JsonElement>("/api/v1/exports", cancellationToken);
        foreach (var export in exports.GetProperty("items").EnumerateArray().Where(export => Is(export, "ready")))
        {
            var address = $"/api/v1/exports/{export.GetProperty("id").GetString()}/remove";
            using var answer = await client.PostAsync(address, content: null, cancellationToken);
            answer.EnsureSuccessStatusCode();
        }
    }

    private async Task WaitForVideosAsync(int count, CancellationToken cancellationToken)
    {
        while (await client.GetFromJsonAsync<JsonElement>("/api/v1/videos?state=ready&pageSize=1", cancellationToken) is var videos
            && videos.GetProperty("total").GetInt32() < count)
        {
            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>What a start costs, and what the runtime compiles behind it, is not the cost of an export.</summary>
    private async Task WaitUntilIdleAsync(CancellationToken cancellationToken)
    {
        TimeSpan before;
        do
        {
            before = Processor;
            await Task.Delay(IdleTime, cancellationToken);
        }
        while (Processor - before > IdleTime / 20);
    }

    private async Task<JsonElement> PackAsync(object selection, CancellationToken cancellationToken)
    {
        using var answer = await client.PostAsJsonAsync("/api/v1/exports", new { selection }, cancellationToken);
        if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Accepted))
        {
            throw new InvalidOperationException(await answer.Content.ReadAsStringAsync(cancellationToken));
        }

        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("id").GetString()!;
        await using var events = await client.GetStreamAsync($"/api/v1/exports/{id}/events", cancellationToken);
        await foreach (var item in SseParser.Create(events).EnumerateAsync(cancellationToken))
        {
            var export = JsonDocument.Parse(item.Data).RootElement;
            if (Is(export, "ready"))
            {
                return export;
            }
        }

        throw new InvalidOperationException((await ExportAsync(id, cancellationToken)).GetRawText());
    }

    private Task<JsonElement> ExportAsync(string id, CancellationToken cancellationToken) =>
        client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}", cancellationToken);

    private Process Refreshed()
    {
        process.Refresh();
        return process;
    }
}
