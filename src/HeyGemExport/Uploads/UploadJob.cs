using HeyGemExport.Accounts;
using HeyGemExport.Archives;
using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Retention;
using HeyGemExport.Jobs;
using HeyGemExport.Uploads.Sending;

namespace HeyGemExport.Uploads;

/// <summary>Sends one upload, from claim to the last verified object. A run resumes: what has arrived is not sent again.</summary>
internal sealed class UploadJob(
    UploadStore store, UploadTransitions transitions, UploadPlanner planner, UploadProgressBoard board, UploadQueue uploadQueue,
    UploadService uploads, Destinations destinations, ExportStore exports, ExportTransitions exportTransitions,
    ActiveDownloads downloads, ArchiveRetention retention, ArchiveCompletion completion, UploadEvents events, UploadErrorTexts errors,
    IStringLocalizer<UploadTexts> texts, IJobQueue queue, Database database, TimeProvider time, ILogger<UploadJob> log)
    : RecordJob<Upload>(transitions, board, time, log), IRecordJob
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    public static string Queue => "uploads";
    public static string Table => "deliveries";

    protected override int AttemptLimit => UploadTransitions.MaxAttempts;

    public override async Task<JobOutcome> RunAsync(string id, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is { State: UploadState.Queued } upload
            && await exports.FindAsync(upload.ExportId, cancellationToken) is { } export)
        {
            if (UploadService.Obstacle(export, upload.What) is not null)
            {
                await uploadQueue.EnqueueAsync(upload, cancellationToken);
            }
            else if (!CanSend(upload, export))
            {
                return new JobOutcome.Again(LookAgain, "The export is not ready, or its archive is on another node.");
            }
        }

        uploadQueue.Release(id);
        var outcome = await base.RunAsync(id, cancellationToken);
        if (outcome is JobOutcome.Cancelled)
        {
            await queue.TriggerAsync<UploadUpkeep>(CancellationToken.None);
        }

        return outcome;
    }

    public async Task<JobDescription?> DescribeAsync(string id, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is not { } found || board.Freshen(found) is not { } upload ? null : new JobDescription(
            texts["Job.Upload", await NameAsync(upload.ExportId, cancellationToken), upload.Destination],
            texts["State." + upload.State],
            $"/exports/{upload.ExportId}/deliveries",
            upload.State == UploadState.Sending ? (double)upload.DoneBytes / Math.Max(1, upload.TotalBytes) : null);

    public Task CancelAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        uploads.CancelAsync(id, caller, cancellationToken);

    public async Task<string?> RetryAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        await uploads.RetryAsync(id, caller, cancellationToken) == ChangeUploadResult.NotInState
            && await store.FindAsync(id, cancellationToken) is { State: UploadState.Failed or UploadState.Cancelled }
            ? texts["Job.NotRetryable"].Value
            : null;

    protected override Task<Upload?> FindAsync(string id, CancellationToken cancellationToken) => store.FindAsync(id, cancellationToken);

    protected override JobOutcome? EndOf(Upload upload) => upload switch
    {
        { State: UploadState.Failed, Error: { } error } => new JobOutcome.Failed(errors.ForRunLog(error)),
        { State: UploadState.Cancelled } => new JobOutcome.Cancelled(),
        { HasEnded: true } => new JobOutcome.Done(upload.State.ToString()),
        _ => null,
    };

    protected override async Task<JobOutcome?> WorkAsync(Upload upload, CancellationToken cancellationToken)
    {
        var begun = Time.GetTimestamp();
        if (await exports.FindAsync(upload.ExportId, cancellationToken) is not { } export || destinations.Find(upload.Destination) is null)
        {
            throw new ObjectStoreException(new ExportError("destination-gone", [upload.Destination]), isTransient: false);
        }

        using (await HoldArchiveAsync(upload, cancellationToken))
        {
            await exportTransitions.TouchAsync(export.Id, cancellationToken);
            upload = await PlanAsync(upload, export, cancellationToken);
            await events.StartedAsync(upload);
            await SendObjectsAsync(upload, export, cancellationToken);
        }

        if (!await transitions.FinishAsync(upload.Id, CancellationToken.None))
        {
            return null;
        }

        await events.ReadyAsync(upload, Time.GetElapsedTime(begun));
        if (upload.DropLocal && export.State == ExportState.Ready)
        {
            await retention.ExpireAsync(export, "delivered", CancellationToken.None);
        }

        return new JobOutcome.Done(upload.Address);
    }

    protected override async Task<JobOutcome?> FailAsync(Upload upload, Exception exception, CancellationToken cancellationToken)
    {
        var error = ErrorOf(exception, upload);
        var doneBytes = board.Find(upload.Id)?.DoneBytes ?? 0;
        var reason = await events.FailedAsync(
            upload, error, doneBytes, exception, () => transitions.FailAsync(upload.Id, error, CancellationToken.None));
        return reason is null ? null : new JobOutcome.Failed(reason);
    }

    private static ExportError ErrorOf(Exception exception, Upload upload) => exception switch
    {
        ObjectStoreException fault => fault.Error,
        ContractBrokenException when upload.What == UploadContent.Archive => new ExportError("archive-gone"),
        ContractBrokenException broken =>
            new ExportError("videos-changed", Files: [.. broken.Issues.Select(fault => new FileIssue(fault.Path, fault.Code))]),
        _ => new ExportError("internal", [exception.Message]),
    };

    /// <summary>Whether it can be sent now, and from here: of several nodes, an archive is on the one that built it.</summary>
    private bool CanSend(Upload upload, Export export) => export.HasEnded && (upload.What == UploadContent.Videos
            || database.IsSqlite
            || export.Parts.All(part => part.IsHere));

    /// <summary>Keeps the archive here while it is sent; videos are the library's own.</summary>
    private async Task<IDisposable?> HoldArchiveAsync(Upload upload, CancellationToken cancellationToken) =>
        upload.What == UploadContent.Videos ? null
        : await downloads.TryAcquireAsync(upload.ExportId, cancellationToken)
            ?? throw new ObjectStoreException(new ExportError("archive-gone"), isTransient: false);

    private async Task<string> NameAsync(string exportId, CancellationToken cancellationToken) =>
        (await exports.FindAsync(exportId, cancellationToken))?.ArchiveName ?? exportId;

    private async Task<Upload> PlanAsync(Upload upload, Export export, CancellationToken cancellationToken)
    {
        if (upload.Objects.Count > 0)
        {
            return upload;
        }

        // What arrives is compared with the sum.
        export = upload.What == UploadContent.Archive ? await completion.SumAsync(export, cancellationToken) : export;
        await store.PlanAsync(upload.Id, await planner.PlanAsync(upload, export, cancellationToken), cancellationToken);
        return (await store.FindAsync(upload.Id, cancellationToken))!;
    }

    private async Task SendObjectsAsync(Upload upload, Export export, CancellationToken cancellationToken)
    {
        using var objects = destinations.Open(
            upload.Destination, upload.Bucket, onRetry: fault => events.RequestRepeated(upload, fault.Error));
        var sender = new ObjectSender(objects, destinations.SettingsOf(upload.Destination));
        var progress = board.Begin(upload.Id, upload.Objects.Where(item => item.Arrived).Sum(item => item.Bytes));
        var sources = await planner.SourcesAsync(upload, export, cancellationToken);

        // In order: the manifest is the last.
        foreach (var item in upload.Objects.Where(item => !item.Arrived))
        {
            await sender.SendAsync(
                new ObjectOrder(sources[item.Ordinal], item.Key)
                {
                    Begun = item.UploadId is { } begun ? new BegunUpload(begun, item.PartBytes) : null,
                    Begin = begun => transitions.RememberAsync(upload.Id, item.Ordinal, begun, CancellationToken.None),
                },
                progress,
                cancellationToken);
            await transitions.ArriveAsync(upload.Id, item.Ordinal, CancellationToken.None);
            events.Arrived(upload, item);
        }
    }
}
