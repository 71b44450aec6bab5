using System.Diagnostics;

namespace HeyGemExport.Bench;

/// <summary>The same archive downloaded with curl, from the app and from nginx in turn.</summary>
internal static class Downloads
{
    public static IReadOnlyList<string> Missing { get; } = [.. new[] { "curl", "nginx" }.Where(program => !Child.IsInstalled(program))];

    public static async Task<IReadOnlyList<Measurement>> RunAsync(App app, int rounds, CancellationToken cancellationToken)
    {
        await using var server = await app.StartAsync(cancellationToken);
        var (url, name) = await server.ArchiveAsync(cancellationToken);
        await using var nginx = await NginxServer.StartAsync(app.WorkFolder, app.ArchiveFolder, cancellationToken);
        var bytes = new FileInfo(Path.Combine(app.ArchiveFolder, name)).Length;
        var results = new List<Measurement>();

        // The first round is for what happens only the first time.
        for (var round = 0; round <= rounds; round++)
        {
            var fromApp = await MeasureAsync(url, bytes, () => server.Processor, cancellationToken);
            var fromNginx = await MeasureAsync(new Uri(nginx.Address, name), bytes, () => nginx.Processor, cancellationToken);
            results.AddRange([new("HeyGem Export", fromApp), new("nginx with sendfile", fromNginx)]);
        }

        return results[2..];
    }

    private static async Task<Cost> MeasureAsync(Uri url, long bytes, Func<TimeSpan> processor, CancellationToken cancellationToken)
    {
        var (begin, before) = (Stopwatch.GetTimestamp(), processor());
        await Child.RunToEndAsync("curl", ["--silent", "--fail", "--output", "/dev/null", url.ToString()], cancellationToken);
        return new Cost(Stopwatch.GetElapsedTime(begin), processor() - before, PeakBytes: null, bytes);
    }
}
