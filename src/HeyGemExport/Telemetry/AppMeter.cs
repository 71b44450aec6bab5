using System.Diagnostics.Metrics;
using HeyGemExport.Exports;

namespace HeyGemExport.Telemetry;

/// <summary>Instruments of the app's own meter. Names follow OpenTelemetry's conventions.</summary>
internal static class AppMeter
{
    public static Counter<long> Counter(this IMeterFactory meters, string name, string description, string? unit = null) =>
        meters.Create(ExportMetrics.MeterName).CreateCounter<long>(name, unit, description);

    public static Histogram<double> Seconds(this IMeterFactory meters, string name, string description, params double[] bounds) =>
        meters.Create(ExportMetrics.MeterName).CreateHistogram(
            name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
}
