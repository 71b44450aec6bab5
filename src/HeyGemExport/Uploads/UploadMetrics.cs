using System.Diagnostics.Metrics;
using HeyGemExport.Exports;

namespace HeyGemExport.Uploads;

/// <summary>Counts what happens to uploads, by the configured name of their destination: one method for each event of the
/// business.</summary>
internal sealed class UploadMetrics
{
    private static readonly string[] FailureCodes =
    [
        "store-credentials", "store-clock", "store-denied", "store-no-bucket", "store-full", "store-unreachable", "store-refused",
        "arrival-mismatch",
        "archive-gone", "videos-changed", "export-failed", "export-cancelled", "interrupted", "internal",
    ];

    private readonly Destinations destinations;
    private readonly Counter<long> requested;
    private readonly Counter<long> started;
    private readonly Counter<long> ready;
    private readonly Counter<long> failed;
    private readonly Counter<long> cancelled;
    private readonly Counter<long> sentBytes;
    private readonly Histogram<double> duration;

    public UploadMetrics(IMeterFactory meters, Destinations destinations)
    {
        this.destinations = destinations;
        var meter = meters.Create(ExportMetrics.MeterName);
        requested = meter.CreateCounter<long>(
            "heygem.deliveries.requested",
            description: "Uploads that a person or a pipeline asked for, and failed ones that they retried.");
        started = meter.CreateCounter<long>("heygem.deliveries.started", description: "Times that an upload was begun or resumed.");
        ready = meter.CreateCounter<long>("heygem.deliveries.ready", description: "Uploads that arrived and were verified.");
        failed = meter.CreateCounter<long>(
            "heygem.deliveries.failed", description: "Uploads that ended before all was there, by the error's code.");
        cancelled = meter.CreateCounter<long>("heygem.deliveries.cancelled", description: "Uploads that a person cancelled.");
        sentBytes = meter.CreateCounter<long>("heygem.deliveries.sent", "By", "Bytes of objects that arrived and were verified.");
        duration = meter.CreateHistogram(
            "heygem.delivery.duration", "s", "From the begin of sending, or of resuming, to the verification of the last object.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 5, 15, 60, 300, 900, 3600, 14400, 43200] });
    }

    /// <summary>Says zero for what has not happened to any destination yet.</summary>
    public void InitializeToZero()
    {
        foreach (var destination in destinations.All.Select(destination => destination.Name))
        {
            foreach (var counter in (Counter<long>[])[requested, started, ready, cancelled, sentBytes])
            {
                counter.Add(0, To(destination));
            }

            Array.ForEach(FailureCodes, code => failed.Add(0, To(destination), Code(code)));
        }
    }

    /// <summary>An upload was recorded, or a failed one queued again.</summary>
    public void Requested(string destination) => requested.Add(1, To(destination));

    public void Started(string destination) => started.Add(1, To(destination));

    public void Arrived(string destination, long bytes) => sentBytes.Add(bytes, To(destination));

    public void Ready(string destination, TimeSpan elapsed)
    {
        ready.Add(1, To(destination));
        duration.Record(elapsed.TotalSeconds, To(destination));
    }

    public void Failed(string destination, string code) => failed.Add(1, To(destination), Code(code));

    public void Cancelled(string destination) => cancelled.Add(1, To(destination));

    /// <summary>Records outlive the configuration: what is not in it any more has no name of its own here.</summary>
    private KeyValuePair<string, object?> To(string destination) => new("destination", destinations.Find(destination)?.Name ?? "");

    private static KeyValuePair<string, object?> Code(string code) => new("code", code);
}
