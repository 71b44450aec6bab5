using System.Globalization;

namespace HeyGemExport.Bench;

/// <summary>Medians, as Markdown.</summary>
internal static class Table
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static void PrintPacking(IReadOnlyList<Measurement> results)
    {
        Console.WriteLine("| | median | ÷ stored zipfile | fastest | slowest | processor time | ÷ stored zipfile | peak memory | size |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        var rows = Rows(results);
        var baseline = rows.Find(row => string.Equals(row.Row, Packer.Baseline, StringComparison.Ordinal)).Costs;
        double? elapsed = baseline is null ? null : Seconds(baseline);
        var processor = baseline is null ? null : Processor(baseline);
        foreach (var (row, costs) in rows)
        {
            var all = costs.Select(cost => cost.Elapsed.TotalSeconds).ToList();
            var peak = costs.Max(cost => cost.PeakBytes) is { } bytes ? string.Create(Culture, $"{bytes / 1e6:F0} MB") : "–";
            Console.WriteLine(string.Create(
                Culture,
                $"| {row} | {Seconds(costs):F2} s | {Text(Seconds(costs) / elapsed, "")} | {all.Min():F2} s | {all.Max():F2} s "
                + $"| {Text(Processor(costs), " s")} | {Text(Processor(costs) / processor, "")} | {peak} "
                + $"| {costs[0].Bytes / 1e9:F3} GB |"));
        }
    }

    public static void PrintDownloads(IReadOnlyList<Measurement> results)
    {
        Console.WriteLine("| download with curl, for each GB | median | processor time of the server |");
        Console.WriteLine("|---|---:|---:|");
        foreach (var (row, costs) in Rows(results))
        {
            var gigabytes = costs[0].Bytes / 1e9;
            var processor = Text(Processor(costs) / gigabytes, " s");
            Console.WriteLine(string.Create(Culture, $"| {row} | {Seconds(costs) / gigabytes:F2} s | {processor} |"));
        }
    }

    private static List<(string Row, List<Cost> Costs)> Rows(IReadOnlyList<Measurement> results) =>
        [.. results.GroupBy(result => result.Row, StringComparer.Ordinal).Select(row => (row.Key, row.Select(one => one.Cost).ToList()))];

    private static double Seconds(List<Cost> costs) => Median(costs.Select(cost => cost.Elapsed.TotalSeconds));

    private static double? Processor(List<Cost> costs) =>
        costs.TrueForAll(cost => cost.Processor is not null) ? Median(costs.Select(cost => cost.Processor!.Value.TotalSeconds)) : null;

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static string Text(double? value, string unit) => value is { } figure ? string.Create(Culture, $"{figure:F2}{unit}") : "–";
}
