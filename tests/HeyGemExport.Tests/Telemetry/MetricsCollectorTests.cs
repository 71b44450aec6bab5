using HeyGemExport.Hosting;
using System.Diagnostics.Metrics;
using HeyGemExport.Telemetry;

namespace HeyGemExport.Tests.Telemetry;

/// <summary>How instruments become lines.</summary>
public sealed class MetricsCollectorTests : IDisposable
{
    private readonly HeldApp app = new();
    private readonly Meter meter;

    public MetricsCollectorTests()
    {
        app.StartServer();
        meter = app.Get<IMeterFactory>().Create(AppMeter.Name);
    }

    public void Dispose() => app.Dispose();

    [Fact]
    public void Labels_are_escaped_and_come_in_the_order_of_their_names()
    {
        var counter = meter.CreateCounter<long>("test.hostile", description: "line\nbreak \\ here");

        counter.Add(3, new("z.last", "say \"hi\"\\\n"), new("1first", null));

        Assert.Contains(
            "# HELP test_hostile_total line\\nbreak \\\\ here\n# TYPE test_hostile_total counter\n", Text, StringComparison.Ordinal);
        Assert.Contains("test_hostile_total{_1first=\"\",z_last=\"say \\\"hi\\\"\\\\\\n\"} 3\n", Text, StringComparison.Ordinal);
        Assert.Equal(3, Samples["test_hostile_total{_1first=\"\",z_last=\"say \"hi\"\\\n\"}"]);
    }

    [Fact]
    public void Units_are_spelled_out()
    {
        meter.CreateCounter<long>("test.sent", "By").Add(1);
        meter.CreateHistogram<double>("test.took", "s").Record(0.3);
        meter.CreateUpDownCounter<int>("test.open", "{connection}").Add(2);
        meter.CreateGauge<double>("test.share", "1").Record(double.NaN);

        Assert.Equal(1, Samples["test_sent_bytes_total"]);
        Assert.Equal(1, Samples["test_took_seconds_count"]);
        Assert.Equal(2, Samples["test_open"]);
        Assert.Equal(double.NaN, Samples["test_share_ratio"]);
    }

    [Fact]
    public void A_value_on_a_bound_is_within_it()
    {
        var histogram = meter.CreateHistogram(
            "test.size", null, null, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] });

        Array.ForEach([0.5, 1, 1.5, 2, 3], value => histogram.Record(value));

        Assert.Equal(
            (2d, 4d, 5d, 8d),
            (Samples["test_size_bucket{le=\"1\"}"], Samples["test_size_bucket{le=\"2\"}"], Samples["test_size_bucket{le=\"+Inf\"}"],
                Samples["test_size_sum"]));
    }

    [Fact]
    public void What_is_no_longer_observed_is_gone()
    {
        var seen = true;
        meter.CreateObservableGauge("test.seen", () => seen ? [new Measurement<int>(1)] : Array.Empty<Measurement<int>>());

        Assert.Contains("test_seen", Samples.Keys);
        seen = false;

        Assert.DoesNotContain("test_seen", Samples.Keys);
    }

    [Fact]
    public void Endlessly_many_labels_end_in_one_series()
    {
        var counter = meter.CreateCounter<long>("test.endless");

        for (var index = 0; index < 3000; index++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("id", index));
        }

        var series = Samples.Where(sample => sample.Key.StartsWith("test_endless_total", StringComparison.Ordinal)).ToList();
        Assert.Equal(1001, series.Count);
        Assert.Equal(3000, series.Sum(sample => sample.Value));
        Assert.Equal(2000, Samples["test_endless_total{otel_metric_overflow=\"true\"}"]);
    }

    [Fact]
    public async Task Figures_that_are_told_from_many_threads_add_up()
    {
        var counter = meter.CreateCounter<long>("test.busy");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (var index = 0; index < 5000; index++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("thread", thread % 2));
            }
        })));

        Assert.Equal((20_000d, 20_000d), (Samples["test_busy_total{thread=\"0\"}"], Samples["test_busy_total{thread=\"1\"}"]));
    }

    private string Text => app.Get<MetricsCollector>().Write();

    private IReadOnlyDictionary<string, double> Samples => PrometheusText.Parse(Text).Samples;
}
