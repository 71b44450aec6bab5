using HeyGemExport.Jobs;

namespace HeyGemExport.Uploads;

/// <summary>Has sent what was interrupted or what the job engine has lost, and has stores forget what was half sent: parts of an upload
/// that nobody completes cost money for ever.</summary>
internal sealed partial class UploadUpkeep(
    UploadStore store, UploadTransitions transitions, UploadQueue queue, IJobQueue jobs, Destinations destinations,
    IStringLocalizer<UploadTexts> texts, TimeProvider time, ILogger<UploadUpkeep> log)
    : IRecurringJob
{
    /// <summary>For as long a failed upload can be resumed.</summary>
    public static readonly TimeSpan KeepFailed = TimeSpan.FromHours(24);

    public static string Id => "uploads";

    public string Name => texts["Job.Upkeep"];
    public bool IsNeeded => destinations.All.Count > 0;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await transitions.RequeueOrphansAsync(cancellationToken) is > 0 and var orphans)
        {
            Log.Requeued(log, orphans);
        }

        var queued = await store.QueuedAsync(cancellationToken);
        queue.ReleaseOthers(queued.Select(upload => upload.Id).ToHashSet(StringComparer.Ordinal));
        foreach (var upload in queued)
        {
            await queue.EnqueueAsync(upload, cancellationToken);
        }

        await RecoverAsync(cancellationToken);
        foreach (var upload in await store.AbandonedAsync(time.GetUtcNow() - KeepFailed, cancellationToken))
        {
            await AbortAsync(upload, cancellationToken);
        }
    }

    // One that has never had a job waits for its export.
    public Task RecoverAsync(CancellationToken cancellationToken) => jobs.EnqueueLostAsync<UploadJob>(
        "state = 'sending' OR (state = 'queued' AND job_id IS NOT NULL)", cancellationToken);

    private async Task AbortAsync(Upload upload, CancellationToken cancellationToken)
    {
        if (destinations.Find(upload.Destination) is null)
        {
            return;
        }

        try
        {
            using var objects = destinations.Open(upload.Destination, upload.Bucket);
            foreach (var item in upload.Objects.Where(item => item is { Arrived: false, UploadId: not null }))
            {
                await objects.AbortAsync(item.Key, item.UploadId!, cancellationToken);
                await transitions.RememberAsync(upload.Id, item.Ordinal, begun: null, cancellationToken);
            }
        }
        catch (ObjectStoreException fault)
        {
            Log.NotAborted(log, upload.Id, fault.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "继续 {Count} 个中断的上传")]
        public static partial void Requeued(ILogger logger, int count);

        [LoggerMessage(Level = LogLevel.Warning, Message = "无法清理未完成的上传: {UploadId}, {Reason}")]
        public static partial void NotAborted(ILogger logger, string uploadId, string reason);
    }
}
