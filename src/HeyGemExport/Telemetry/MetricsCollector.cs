using HeyGemExport.Hosting;
using System.Diagnostics.Metrics;
using System.Numerics;
using System.Text;
using HeyGemExport.Exports;
using HeyGemExport.Notifications;
using HeyGemExport.Shares;
using HeyGemExport.Uploads;

namespace HeyGemExport.Telemetry;

internal sealed class MetricsCollector(
    IMeterFactory factory, ExportMetrics exports, UploadMetrics uploads, ShareMetrics shares, NotificationMetrics notifications,
    OpsGauges gauges) : IHostedService, IDisposable
{
    private const string RuntimeMeter = "System.Runtime";

    /// <summary>The app's own, and those of the framework that show how the service is doing.</summary>
    public static readonly HashSet<string> Meters = new(StringComparer.Ordinal)
    {
        AppMeter.Name, RuntimeMeter, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
    };

    private readonly Lock gate = new();
    private readonly Lock collecting = new();
    private readonly SortedDictionary<string, MetricFamily> families = new(StringComparer.Ordinal);
    private readonly MeterListener listener = new();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        listener.InstrumentPublished = Take;
        Listen<byte>();
        Listen<short>();
        Listen<int>();
        Listen<long>();
        Listen<float>();
        Listen<double>();
        Listen<decimal>();
        listener.Start();
        gauges.Create();
        exports.InitializeToZero();
        uploads.InitializeToZero();
        shares.InitializeToZero();
        notifications.InitializeToZero();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => listener.Dispose();

    public string Write()
    {
        // Two scrapes at once would clear each other's observations.
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
        // Another host in the same process has meters of the same names.
        var meter = instrument.Meter;
        if (!Meters.Contains(meter.Name) || (meter.Name is not RuntimeMeter && !ReferenceEquals(meter.Scope, factory)))
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
        listener.SetMeasurementEventCallback<T>((_, value, tags, state) =>
            ((MetricFamily)state!).Record(double.CreateChecked(value), tags));
}
