using System.Diagnostics.Metrics;

namespace HeyGemExport.Hosting;

/// <summary>Instruments of the app's own meter. Names follow OpenTelemetry's conventions.</summary>
internal static class AppMeter
{
    public const string Name = "HeyGemExport";

    public static Counter<long> Counter(this IMeterFactory meters, string name, string description, string? unit = null) =>
        meters.Create(Name).CreateCounter<long>(name, unit, description);

    public static void Add(this Counter<long> counter, long delta, string tag, string value) =>
        counter.Add(delta, new KeyValuePair<string, object?>(tag, value));

    public static Histogram<double> Seconds(this IMeterFactory meters, string name, string description, params double[] bounds) =>
        meters.Create(Name).CreateHistogram(
            name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
}
