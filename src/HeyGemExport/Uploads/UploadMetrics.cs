using System.Diagnostics.Metrics;
using HeyGemExport.Hosting;

namespace HeyGemExport.Uploads;

/// <summary>Counts what happens to uploads, by the configured name of their destination.</summary>
internal sealed class UploadMetrics(IMeterFactory meters, Destinations destinations)
{
    private static readonly string[] FailureCodes =
    [
        "store-credentials", "store-clock", "store-denied", "store-no-bucket", "store-full", "store-unreachable", "store-refused",
        "arrival-mismatch", "archive-gone", "videos-changed", "export-failed", "export-cancelled", "interrupted", "internal",
    ];

    private readonly Counter<long> requested = meters.Counter(
        "heygem.deliveries.requested", "Uploads that a person or a pipeline asked for, and failed ones that they retried.");
    private readonly Counter<long> started = meters.Counter("heygem.deliveries.started", "Times that an upload was begun or resumed.");
    private readonly Counter<long> ready = meters.Counter("heygem.deliveries.ready", "Uploads that arrived and were verified.");
    private readonly Counter<long> failed = meters.Counter(
        "heygem.deliveries.failed", "Uploads that ended before all was there, by the error's code.");
    private readonly Counter<long> cancelled = meters.Counter("heygem.deliveries.cancelled", "Uploads that a person cancelled.");
    private readonly Counter<long> sentBytes = meters.Counter(
        "heygem.deliveries.sent", "Bytes of objects that arrived and were verified.", "By");
    private readonly Histogram<double> duration = meters.Seconds(
        "heygem.delivery.duration", "From the begin of sending, or of resuming, to the verification of the last object.",
        1, 5, 15, 60, 300, 900, 3600, 14400, 43200);

    public void InitializeToZero()
    {
        foreach (var destination in destinations.All.Select(destination => destination.Name))
        {
            Array.ForEach([requested, started, ready, cancelled, sentBytes], counter => counter.Add(0, To(destination)));
            Array.ForEach(FailureCodes, code => failed.Add(0, To(destination), Code(code)));
        }
    }

    public void Requested(string destination) => requested.Add(1, To(destination));
    public void Started(string destination) => started.Add(1, To(destination));
    public void Cancelled(string destination) => cancelled.Add(1, To(destination));
    public void Failed(string destination, string code) => failed.Add(1, To(destination), Code(code));
    public void Arrived(string destination, long bytes) => sentBytes.Add(bytes, To(destination));

    public void Ready(string destination, TimeSpan elapsed)
    {
        ready.Add(1, To(destination));
        duration.Record(elapsed.TotalSeconds, To(destination));
    }

    /// <summary>Records outlive the configuration: what is not in it any more has no name of its own here.</summary>
    private KeyValuePair<string, object?> To(string destination) => new("destination", destinations.Find(destination)?.Name ?? "");

    private static KeyValuePair<string, object?> Code(string code) => new("code", code);
}
