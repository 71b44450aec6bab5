using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace HeyGemExport.Telemetry;

/// <summary>All series of one instrument, as Prometheus has them.</summary>
internal sealed class MetricFamily
{
    /// <summary>More label sets than any honest instrument has; what comes after is counted in one series.</summary>
    private const int MaxSeries = 1000;

    // https://opentelemetry.io/docs/specs/otel/metrics/sdk/#explicit-bucket-histogram-aggregation
    private static readonly double[] DefaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 7.5, 10];

    private readonly Lock gate = new();
    private readonly Dictionary<string, Series> series = new(StringComparer.Ordinal);
    private readonly MetricKind kind;
    private readonly bool observed;
    private readonly string help;
    private readonly double[] buckets;

    public MetricFamily(Instrument instrument)
    {
        (kind, observed) = MetricNames.KindOf(instrument);
        Name = MetricNames.Of(instrument, kind);
        help = instrument.Description is { Length: > 0 } description ? description : instrument.Name;
        buckets = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries?.ToArray() ?? DefaultBuckets;
    }

    /// <summary>The name of the family, for example <c>heygem_exports_ready_total</c>.</summary>
    public string Name { get; }

    /// <summary>Takes a measurement.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = MetricLabels.Of(tags);
        lock (gate)
        {
            if (!series.TryGetValue(labels, out var one))
            {
                if (series.Count >= MaxSeries)
                {
                    labels = """{otel_metric_overflow="true"}""";
                }

                one = series.TryGetValue(labels, out var overflow) ? overflow : series[labels] = new Series(buckets.Length + 1);
            }

            one.Add(value, observed ? MetricKind.Gauge : kind, buckets);
        }
    }

    /// <summary>Forgets what was observed last: a series that is not observed again is gone.</summary>
    public void BeginObservation()
    {
        if (observed)
        {
            lock (gate)
            {
                series.Clear();
            }
        }
    }

    /// <summary>Writes the family; nothing when there is no series.</summary>
    public void WriteTo(StringBuilder text)
    {
        lock (gate)
        {
            if (series.Count == 0)
            {
                return;
            }

            text.Append("# HELP ").Append(Name).Append(' ').Append(MetricLabels.EscapeHelp(help)).Append('\n');
            text.Append("# TYPE ").Append(Name).Append(' ').Append(TypeName).Append('\n');
            foreach (var (labels, one) in series.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                if (kind == MetricKind.Histogram)
                {
                    WriteHistogram(text, labels, one);
                }
                else
                {
                    WriteSample(text, Name, labels, one.Value);
                }
            }
        }
    }

    private string TypeName => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };

    private void WriteHistogram(StringBuilder text, string labels, Series one)
    {
        var count = 0L;
        for (var index = 0; index <= buckets.Length; index++)
        {
            count += one.Counts[index];
            var bound = index < buckets.Length ? buckets[index] : double.PositiveInfinity;
            WriteSample(text, Name + "_bucket", MetricLabels.With(labels, "le", MetricLabels.Number(bound)), count);
        }

        WriteSample(text, Name + "_sum", labels, one.Value);
        WriteSample(text, Name + "_count", labels, count);
    }

    private static void WriteSample(StringBuilder text, string name, string labels, double value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name}{labels} {MetricLabels.Number(value)}\n");

    private sealed class Series(int bucketCount)
    {
        public double Value { get; private set; }

        public long[] Counts { get; } = new long[bucketCount];

        public void Add(double value, MetricKind kind, double[] buckets)
        {
            if (kind == MetricKind.Gauge)
            {
                Value = value;
                return;
            }

            Value += value;
            if (kind == MetricKind.Histogram)
            {
                // A bucket holds what is at most its bound.
                var found = Array.BinarySearch(buckets, value);
                Counts[found >= 0 ? found : ~found]++;
            }
        }
    }
}
