using System.Diagnostics.Metrics;
using HeyGemExport.Hosting;

namespace HeyGemExport.Exports;

/// <summary>Counts what happens to exports: one method for each event of the business.</summary>
internal sealed class ExportMetrics(IMeterFactory meters)
{
    private static readonly string[] FailureCodes =
    [
        "source-changed", "source-corrupted", "source-vanished", "source-unreadable", "archive-mismatch", "disk-full", "temp-unwritable",
        "database-unavailable", "interrupted", "internal",
    ];

    private static readonly string[] ExpiryReasons = ["time-to-live", "size-cap", "archive-lost", "by-hand"];

    private readonly Counter<long> requested = meters.Counter(
        "heygem.exports.requested", "Selections confirmed and recorded as new exports.");
    private readonly Counter<long> joined = meters.Counter(
        "heygem.exports.joined", "Confirmations that joined an export with the same content.");
    private readonly Counter<long> refused = meters.Counter(
        "heygem.exports.refused", "Confirmations and retries refused, by the error's code.");
    private readonly Counter<long> started = meters.Counter("heygem.exports.started", "Times that a worker began to pack.");
    private readonly Counter<long> ready = meters.Counter("heygem.exports.ready", "Exports verified and published.");
    private readonly Counter<long> failed = meters.Counter(
        "heygem.exports.failed", "Exports that ended without an archive, by the error's code.");
    private readonly Counter<long> cancelled = meters.Counter("heygem.exports.cancelled", "Exports that a person ended.");
    private readonly Counter<long> retried = meters.Counter("heygem.exports.retried", "Exports that a person had run again.");
    private readonly Counter<long> deleted = meters.Counter(
        "heygem.exports.deleted", "Records of failed or cancelled exports that a person deleted.");
    private readonly Counter<long> expired = meters.Counter("heygem.exports.expired", "Exports whose archive was removed, by the reason.");
    private readonly Counter<long> packedFiles = meters.Counter("heygem.exports.packed.files", "Files in published archives.");
    private readonly Counter<long> packedBytes = meters.Counter("heygem.exports.packed", "Bytes of published archives.", "By");
    private readonly Counter<long> freedBytes = meters.Counter(
        "heygem.retention.freed", "Bytes of archives removed from the temp folder.", "By");
    private readonly Histogram<double> wait = meters.Seconds(
        "heygem.export.wait", "From the confirmation, or the retry, to a worker.", 0.1, 1, 5, 15, 60, 300, 900, 3600);
    private readonly Histogram<double> duration = meters.Seconds(
        "heygem.export.duration", "From a worker to the published archive.", 0.5, 1, 5, 15, 60, 300, 900, 3600, 14400);
    private readonly Counter<long> downloadsStarted = meters.Counter(
        "heygem.downloads.started", "Requests for an archive or a range of it.");
    private readonly Counter<long> downloadsFinished = meters.Counter(
        "heygem.downloads.finished", "Such requests that ended, by whether the whole archive has then been sent, or the proxy sends it.");
    private readonly Counter<long> sentBytes = meters.Counter("heygem.downloads.sent", "Bytes of archives actually sent.", "By");

    /// <summary>Says zero for everything that has not happened: an alert cannot see a figure rise that was never there.</summary>
    public void InitializeToZero()
    {
        Counter<long>[] plain =
        [
            requested, joined, started, ready, cancelled, retried, deleted, packedFiles, packedBytes, freedBytes, downloadsStarted,
            sentBytes,
        ];
        Array.ForEach(plain, counter => counter.Add(0));
        Array.ForEach(FailureCodes, code => failed.Add(0, "code", code));
        Array.ForEach(ExpiryReasons, reason => expired.Add(0, "reason", reason));
        refused.Add(0, "code", "not-enough-space");
        downloadsFinished.Add(0, "outcome", "complete");
        downloadsFinished.Add(0, "outcome", "partial");
        downloadsFinished.Add(0, "outcome", "handed-over");
    }

    public void Requested() => requested.Add(1);
    public void Joined() => joined.Add(1);
    public void Refused(string code) => refused.Add(1, "code", code);

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

    public void Failed(string code) => failed.Add(1, "code", code);
    public void Cancelled() => cancelled.Add(1);
    public void Retried() => retried.Add(1);
    public void Deleted() => deleted.Add(1);

    /// <param name="reason"><c>time-to-live</c>, <c>size-cap</c>, <c>archive-lost</c> or <c>by-hand</c>.</param>
    /// <param name="freed">The bytes that it took; 0 when it was gone already.</param>
    public void Expired(string reason, long freed)
    {
        expired.Add(1, "reason", reason);
        freedBytes.Add(freed);
    }

    /// <summary>A file that no export needs was removed from the temp folder.</summary>
    public void Swept(long freed) => freedBytes.Add(freed);
    public void DownloadStarted() => downloadsStarted.Add(1);

    /// <param name="outcome">That of the audit record.</param>
    public void DownloadFinished(long sent, string outcome)
    {
        downloadsFinished.Add(1, "outcome", outcome);
        sentBytes.Add(sent);
    }
}
