using System.Globalization;
using System.Runtime.InteropServices;

namespace HeyGemExport.Bench;

/// <summary>Runs every contender in turn, round by round, so that what the machine does meanwhile touches all of them.</summary>
internal static class Comparison
{
    private const int Rounds = 5;

    public static async Task RunAsync(string workFolder, double gigabytes, string self, CancellationToken cancellationToken)
    {
        var source = Path.Combine(workFolder, "outputs");
        Console.Error.WriteLine($"Clips in {source}");
        await Clips.MakeAsync(source, (long)(gigabytes * 1e9), cancellationToken);

        var all = Contender.All(self);
        var contenders = all.Where(contender => Path.IsPathRooted(contender.Program) || Child.IsInstalled(contender.Program)).ToList();
        var results = contenders.ToDictionary(contender => contender, _ => new List<(Cost Cost, long Bytes)>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var contender in contenders.Where(contender => round == 0 || contender.EveryRound))
            {
                results[contender].Add(await MeasureAsync(contender, workFolder, source, cancellationToken));
                Console.Error.WriteLine($"{round + 1}/{Rounds} {contender.Name}: {results[contender][^1].Cost.Elapsed.TotalSeconds:F2} s");
            }
        }

        Print(source, results);
        foreach (var missing in all.Except(contenders))
        {
            Console.WriteLine($"\nLeft out, because `{missing.Program}` is not installed: {missing.Name}.");
        }
    }

    private static async Task<(Cost Cost, long Bytes)> MeasureAsync(Contender contender, string workFolder, string source, CancellationToken cancellationToken)
    {
        var target = Path.Combine(workFolder, "packed.zip");
        try
        {
            var cost = await Child.MeasureAsync(workFolder, contender.Program, contender.ArgumentsFor(source, target), cancellationToken);
            return (cost, File.Exists(target) ? new FileInfo(target).Length : Clips.Bytes(target));
        }
        finally
        {
            await DeleteAsync(target, cancellationToken);
        }
    }

    /// <summary>Deletes what was packed, and waits for the disk: nobody pays for what another has left to write.</summary>
    private static async Task DeleteAsync(string target, CancellationToken cancellationToken)
    {
        if (Directory.Exists(target))
        {
            Directory.Delete(target, recursive: true);
        }

        File.Delete(target);
        if (Child.IsInstalled("sync"))
        {
            await Child.RunToEndAsync("sync", ["-f", Path.GetDirectoryName(target)!], cancellationToken);
        }
    }

    private static void Print(string source, Dictionary<Contender, List<(Cost Cost, long Bytes)>> results)
    {
        var ours = Median(results.Single(result => string.Equals(result.Key.Name, Contender.Ours, StringComparison.Ordinal)).Value).TotalSeconds;
        var culture = CultureInfo.InvariantCulture;
        Console.WriteLine(string.Create(
            culture,
            $"{Clips.Count(source)} H.264 clips, {Clips.Bytes(source) / 1e9:F2} GB; {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}; {Rounds} rounds in turn (those that take long: one).\n"));
        Console.WriteLine("| | median | fastest | slowest | median ÷ ours | peak memory | size |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        foreach (var (contender, runs) in results)
        {
            var seconds = runs.Select(run => run.Cost.Elapsed.TotalSeconds).ToList();
            var median = Median(runs).TotalSeconds;
            var peak = runs.Max(run => run.Cost.PeakBytes) is { } bytes ? string.Create(culture, $"{bytes / 1e6:F0} MB") : "–";
            Console.WriteLine(string.Create(
                culture,
                $"| {contender.Name} | {median:F2} s | {seconds.Min():F2} s | {seconds.Max():F2} s | {median / ours:F2} | {peak} | {runs[0].Bytes / 1e9:F3} GB |"));
        }
    }

    private static TimeSpan Median(List<(Cost Cost, long Bytes)> runs) => runs.Select(run => run.Cost.Elapsed).Order().ElementAt(runs.Count / 2);
}
