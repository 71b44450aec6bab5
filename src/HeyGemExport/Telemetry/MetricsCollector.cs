using System.Diagnostics.Metrics;
using System.Numerics;
using System.Text;
using HeyGemExport.Exports;
using HeyGemExport.Notifications;
using HeyGemExport.Shares;
using HeyGemExport.Uploads;

namespace HeyGemExport.Telemetry;

/// <summary>Listens to the instruments of this host and of the runtime, and tells what they say in the text format of Prometheus.</summary>
internal sealed class MetricsCollector : IHostedService, IDisposable
{
    private const string RuntimeMeter = "System.Runtime";

    /// <summary>The app's own, and what of the framework's tells how the service is doing.</summary>
    public static readonly HashSet<string> Meters = new(StringComparer.Ordinal)
    {
        ExportMetrics.MeterName, RuntimeMeter, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
    };

    private readonly Lock gate = new();
    private readonly Lock collecting = new();
    private readonly SortedDictionary<string, MetricFamily> families = new(StringComparer.Ordinal);
    private readonly MeterListener listener = new();
    private readonly IMeterFactory factory;
    private readonly Action[] zeros;
    private readonly OpsGauges gauges;

    /// <summary>Listens from <see cref="StartAsync"/> on.</summary>
    public MetricsCollector(
        IMeterFactory factory, ExportMetrics exports, UploadMetrics deliveries, ShareMetrics shares, NotificationMetrics notifications, OpsGauges gauges)
    {
        this.gauges = gauges;
        this.factory = factory;
        zeros = [exports.InitializeToZero, deliveries.InitializeToZero, shares.InitializeToZero, notifications.InitializeToZero];
        listener.InstrumentPublished = Take;
        Listen<byte>();
        Listen<short>();
        Listen<int>();
        Listen<long>();
        Listen<float>();
        Listen<double>();
        Listen<decimal>();
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        listener.Start();
        gauges.Create();
        Array.ForEach(zeros, sayZero => sayZero());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => listener.Dispose();

    /// <summary>All figures of this moment.</summary>
    public string Write()
    {
        // Two scrapes at once would take each other's observations away.
        lock (collecting)
        {
            MetricFamily[] all;
            lock (gate)
            {
                all = [.. families.Values];
            }

            Array.ForEach(all, family => family.BeginObservation());
            listener.RecordObservableInstruments();
            var text = new StringBuilder();
            Array.ForEach(all, family => family.WriteTo(text));
            return text.ToString();
        }
    }

    private void Take(Instrument instrument, MeterListener target)
    {
        // Another host in this process has meters of the same names.
        if (!Meters.Contains(instrument.Meter.Name) || (instrument.Meter.Name is not RuntimeMeter && !ReferenceEquals(instrument.Meter.Scope, factory)))
        {
            return;
        }

        var family = new MetricFamily(instrument);
        lock (gate)
        {
            if (!families.TryAdd(family.Name, family))
            {
                return;
            }
        }

        target.EnableMeasurementEvents(instrument, family);
    }

    private void Listen<T>()
        where T : struct, INumber<T> =>
        listener.SetMeasurementEventCallback<T>((_, value, tags, state) => ((MetricFamily)state!).Record(double.CreateChecked(value), tags));
}
