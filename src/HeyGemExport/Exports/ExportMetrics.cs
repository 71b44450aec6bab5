using System.Diagnostics.Metrics;

namespace HeyGemExport.Exports;

/// <summary>Counts what happens to exports: one method for each event of the business. Names follow OpenTelemetry's conventions.</summary>
internal sealed class ExportMetrics
{
    /// <summary>The meter of the app's own figures.</summary>
    public const string MeterName = "HeyGemExport";

    private static readonly string[] FailureCodes =
    [
        "source-changed", "source-vanished", "source-unreadable", "archive-mismatch", "disk-full", "temp-unwritable",
        "database-unavailable", "interrupted", "internal",
    ];

    private static readonly string[] ExpiryReasons = ["time-to-live", "size-cap", "archive-lost", "by-hand"];

    private readonly Counter<long> requested;
    private readonly Counter<long> joined;
    private readonly Counter<long> refused;
    private readonly Counter<long> started;
    private readonly Counter<long> ready;
    private readonly Counter<long> failed;
    private readonly Counter<long> cancelled;
    private readonly Counter<long> retried;
    private readonly Counter<long> deleted;
    private readonly Counter<long> expired;
    private readonly Counter<long> packedFiles;
    private readonly Counter<long> packedBytes;
    private readonly Counter<long> freedBytes;
    private readonly Histogram<double> wait;
    private readonly Histogram<double> duration;
    private readonly Counter<long> downloadsStarted;
    private readonly Counter<long> downloadsFinished;
    private readonly Counter<long> sentBytes;

    public ExportMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        requested = meter.CreateCounter<long>("heygem.exports.requested", description: "Selections confirmed and recorded as new exports.");
        joined = meter.CreateCounter<long>(
            "heygem.exports.joined", description: "Confirmations that joined an export with the same content.");
        refused = meter.CreateCounter<long>(
            "heygem.exports.refused", description: "Confirmations and retries refused, by the error's code.");
        started = meter.CreateCounter<long>("heygem.exports.started", description: "Times that a worker began to pack.");
        ready = meter.CreateCounter<long>("heygem.exports.ready", description: "Exports proved and published.");
        failed = meter.CreateCounter<long>(
            "heygem.exports.failed", description: "Exports that ended without an archive, by the error's code.");
        cancelled = meter.CreateCounter<long>("heygem.exports.cancelled", description: "Exports that a person ended.");
        retried = meter.CreateCounter<long>("heygem.exports.retried", description: "Exports that a person had run again.");
        deleted = meter.CreateCounter<long>(
            "heygem.exports.deleted", description: "Records of failed or cancelled exports that a person deleted.");
        expired = meter.CreateCounter<long>("heygem.exports.expired", description: "Exports whose archive was removed, by the reason.");
        packedFiles = meter.CreateCounter<long>("heygem.exports.packed.files", description: "Files in published archives.");
        packedBytes = meter.CreateCounter<long>("heygem.exports.packed", "By", "Bytes of published archives.");
        freedBytes = meter.CreateCounter<long>("heygem.retention.freed", "By", "Bytes of archives removed from the temp folder.");
        wait = meter.CreateHistogram(
            "heygem.export.wait",
            "s",
            "From the confirmation, or the retry, to a worker.",
            tags: null,
            Buckets(0.1, 1, 5, 15, 60, 300, 900, 3600));
        duration = meter.CreateHistogram(
            "heygem.export.duration",
            "s",
            "From a worker to the published archive.",
            tags: null,
            Buckets(0.5, 1, 5, 15, 60, 300, 900, 3600, 14400));
        downloadsStarted = meter.CreateCounter<long>("heygem.downloads.started", description: "Requests for an archive or a range of it.");
        downloadsFinished = meter.CreateCounter<long>(
            "heygem.downloads.finished", description: "Such requests that ended, by whether the whole archive has then been sent.");
        sentBytes = meter.CreateCounter<long>("heygem.downloads.sent", "By", "Bytes of archives really sent.");
    }

    /// <summary>Says zero for everything that has not happened: an alert cannot see a figure rise that was never there.</summary>
    public void InitializeToZero()
    {
        Counter<long>[] plain =
        [
            requested, joined, started, ready, cancelled, retried, deleted, packedFiles, packedBytes, freedBytes, downloadsStarted, sentBytes,
        ];
        foreach (var counter in plain)
        {
            counter.Add(0);
        }

        Array.ForEach(FailureCodes, code => failed.Add(0, new KeyValuePair<string, object?>("code", code)));
        Array.ForEach(ExpiryReasons, reason => expired.Add(0, new KeyValuePair<string, object?>("reason", reason)));
        refused.Add(0, new KeyValuePair<string, object?>("code", "not-enough-space"));
        downloadsFinished.Add(0, new KeyValuePair<string, object?>("outcome", "complete"));
        downloadsFinished.Add(0, new KeyValuePair<string, object?>("outcome", "partial"));
    }

    public void Requested() => requested.Add(1);

    public void Joined() => joined.Add(1);

    public void Refused(string code) => refused.Add(1, new KeyValuePair<string, object?>("code", code));

    /// <summary>A worker began to pack what had waited for so long.</summary>
    public void Started(TimeSpan waited)
    {
        started.Add(1);
        wait.Record(Math.Max(0, waited.TotalSeconds));
    }

    public void Ready(int files, long bytes, TimeSpan elapsed)
    {
        ready.Add(1);
        packedFiles.Add(files);
        packedBytes.Add(bytes);
        duration.Record(elapsed.TotalSeconds);
    }

    public void Failed(string code) => failed.Add(1, new KeyValuePair<string, object?>("code", code));

    public void Cancelled() => cancelled.Add(1);

    public void Retried() => retried.Add(1);

    public void Deleted() => deleted.Add(1);

    /// <param name="reason"><c>time-to-live</c>, <c>size-cap</c>, <c>archive-lost</c> or <c>by-hand</c>.</param>
    /// <param name="freed">The bytes that it took; 0 when it was gone already.</param>
    public void Expired(string reason, long freed)
    {
        expired.Add(1, new KeyValuePair<string, object?>("reason", reason));
        freedBytes.Add(freed);
    }

    /// <summary>A file that no export needs was removed from the temp folder.</summary>
    public void Swept(long freed) => freedBytes.Add(freed);

    public void DownloadStarted() => downloadsStarted.Add(1);

    /// <summary>A request for an archive ended.</summary>
    /// <param name="sent">Bytes really sent.</param>
    /// <param name="complete">Whether the whole archive has now been sent to that person.</param>
    public void DownloadFinished(long sent, bool complete)
    {
        downloadsFinished.Add(1, new KeyValuePair<string, object?>("outcome", complete ? "complete" : "partial"));
        sentBytes.Add(sent);
    }

    private static InstrumentAdvice<double> Buckets(params double[] seconds) => new() { HistogramBucketBoundaries = seconds };
}
