using System.Globalization;
using System.Runtime.InteropServices;

namespace HeyGemExport.Bench;

/// <summary>Runs everything in turn, round by round, so that what the machine does meanwhile touches all of it; first on the machine as it
/// is, then with its processors kept busy.</summary>
internal sealed class Comparison(string workFolder, int rounds, string self, CancellationToken cancellationToken)
{
    /// <summary>Where the machine has fewer processors, this is a load above their number.</summary>
    private const int HighLoad = 4;

    private readonly string source = Path.Combine(workFolder, "outputs");
    private readonly IReadOnlyList<Packer> packers = Packer.All(self);

    public async Task RunAsync(double gigabytes)
    {
        Console.Error.WriteLine($"Clips in {source}");
        await Clips.MakeAsync(source, (long)(gigabytes * 1e9), cancellationToken);
        Clips.Age(source);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Clips.Count(source)} H.264 clips, {Clips.Bytes(source) / 1e9:F2} GB; {Environment.ProcessorCount} cores, "
            + $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}; "
            + $"rounds in turn: {rounds} (of what takes long: 1)."));
        foreach (var busy in new[] { 0, Environment.ProcessorCount, HighLoad }.Distinct())
        {
            await RunAsync(busy);
        }

        foreach (var missing in packers.Where(packer => !packer.IsInstalled))
        {
            Console.WriteLine($"\nLeft out, because `{missing.Program}` is not installed: {missing.Name}.");
        }

        if (Downloads.Missing is [var program, ..])
        {
            Console.WriteLine($"\nLeft out, because `{program}` is not installed: downloads.");
        }
    }

    private async Task RunAsync(int busy)
    {
        using var load = Load.Start(busy, self);
        var app = new App(workFolder, source);
        try
        {
            Console.WriteLine($"\n### {(busy == 0 ? "Quiet" : $"Beside {busy} processes that never wait")}\n");
            Table.PrintPacking(await PackAsync(app, withSlow: busy == 0));
            if (Downloads.Missing.Count == 0)
            {
                Console.WriteLine();
                Table.PrintDownloads(await Downloads.RunAsync(app, rounds, cancellationToken));
            }
        }
        finally
        {
            app.Delete();
        }
    }

    private async Task<IReadOnlyList<Measurement>> PackAsync(App app, bool withSlow)
    {
        var results = new List<Measurement>();
        for (var round = 0; round < rounds; round++)
        {
            await AddAsync(app.RunUnknownAsync(cancellationToken));
            await AddAsync(app.RunKnownAsync(cancellationToken));
            foreach (var packer in packers.Where(one => one.IsInstalled && (!one.IsSlow || (withSlow && round == 0))))
            {
                await AddAsync(OneAsync(packer));
            }
        }

        return results;

        async Task<IReadOnlyList<Measurement>> OneAsync(Packer packer) => [await packer.RunAsync(workFolder, source, cancellationToken)];

        async Task AddAsync(Task<IReadOnlyList<Measurement>> run)
        {
            foreach (var (row, cost) in await run)
            {
                results.Add(new(row, cost));
                Console.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{row}: {cost.Elapsed.TotalSeconds:F2} s, processor {cost.Processor?.TotalSeconds:F2} s"));
            }

            await WaitForTheDiskAsync();
        }
    }

    /// <summary>Nobody pays for what another has left to write.</summary>
    private Task WaitForTheDiskAsync() =>
        Child.IsInstalled("sync") ? Child.RunToEndAsync("sync", ["-f", workFolder], cancellationToken) : Task.CompletedTask;
}
