using System.Diagnostics.Metrics;
using System.Text;

namespace HeyGemExport.Telemetry;

internal sealed class MetricFamily(Instrument instrument)
{
    /// <summary>More label sets than an instrument should have; further ones are counted in one series.</summary>
    private const int MaxSeries = 1000;

    // https://opentelemetry.io/docs/specs/otel/metrics/sdk/#explicit-bucket-histogram-aggregation
    private static readonly double[] DefaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 7.5, 10];

    private readonly Lock gate = new();
    private readonly Dictionary<string, Series> series = new(StringComparer.Ordinal);
    private readonly bool isHistogram = Is(instrument, typeof(Histogram<>));
    private readonly bool isCounter = Is(instrument, typeof(Counter<>), typeof(ObservableCounter<>));
    private readonly bool adds = Is(instrument, typeof(Histogram<>), typeof(Counter<>), typeof(UpDownCounter<>));
    private readonly double[] buckets =
        (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries?.ToArray() ?? DefaultBuckets;

    /// <summary>For example <c>heygem_exports_ready_total</c>.</summary>
    public string Name { get; } =
        ExpositionFormat.Name(instrument, Is(instrument, typeof(Counter<>), typeof(ObservableCounter<>)));

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = ExpositionFormat.Labels(tags);
        lock (gate)
        {
            if (series.Count >= MaxSeries && !series.ContainsKey(labels))
            {
                labels = """{otel_metric_overflow="true"}""";
            }

            var one = series.TryGetValue(labels, out var found) ? found : series[labels] = new Series(buckets.Length + 1);
            one.Value = adds ? one.Value + value : value;

            // A bucket includes its upper bound.
            var bucket = Array.BinarySearch(buckets, value);
            one.Counts[bucket >= 0 ? bucket : ~bucket]++;
        }
    }

    /// <summary>Forgets the last observations, so that a series that is no longer observed disappears.</summary>
    public void BeginObservation()
    {
        lock (gate)
        {
            if (instrument.IsObservable)
            {
                series.Clear();
            }
        }
    }

    public void WriteTo(StringBuilder text)
    {
        lock (gate)
        {
            if (series.Count == 0)
            {
                return;
            }

            var help = instrument.Description is { Length: > 0 } description ? description : instrument.Name;
            var type = isHistogram ? "histogram" : isCounter ? "counter" : "gauge";
            text.Append(CultureInfo.InvariantCulture, $"# HELP {Name} {ExpositionFormat.EscapeHelp(help)}\n# TYPE {Name} {type}\n");
            foreach (var (labels, one) in series.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                if (isHistogram)
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

    private void WriteHistogram(StringBuilder text, string labels, Series one)
    {
        var count = 0L;
        for (var index = 0; index <= buckets.Length; index++)
        {
            count += one.Counts[index];
            var bound = index < buckets.Length ? buckets[index] : double.PositiveInfinity;
            WriteSample(text, Name + "_bucket", ExpositionFormat.With(labels, "le", ExpositionFormat.Number(bound)), count);
        }

        WriteSample(text, Name + "_sum", labels, one.Value);
        WriteSample(text, Name + "_count", labels, count);
    }

    private static bool Is(Instrument instrument, params Type[] definitions) =>
        instrument.GetType() is { IsGenericType: true } type && definitions.Contains(type.GetGenericTypeDefinition());

    private static void WriteSample(StringBuilder text, string name, string labels, double value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name}{labels} {ExpositionFormat.Number(value)}\n");

    private sealed class Series(int buckets)
    {
        public double Value { get; set; }

        public long[] Counts { get; } = new long[buckets];
    }
}
