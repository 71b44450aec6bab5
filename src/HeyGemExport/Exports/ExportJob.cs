using HeyGemExport.Accounts;
using HeyGemExport.Archives;
using HeyGemExport.Data;
using HeyGemExport.Exports.Retention;
using HeyGemExport.FileSystem;
using HeyGemExport.Hosting;
using HeyGemExport.Jobs;
using HeyGemExport.Library.Fingerprints;

namespace HeyGemExport.Exports;

/// <summary>Packs one export, from claim to publication. A run starts from scratch.</summary>
internal sealed partial class ExportJob(
    ExportStore store,
    ExportTransitions transitions,
    ExportProgressBoard board,
    ArchiveFolder folder,
    ArchiveRetention retention,
    ArchiveBuilder builder,
    ExportService exports,
    KnownContents known,
    HotVideos hot,
    ArchiveRecheck recheck,
    IJobQueue queue,
    ExportEvents events,
    ExportErrorTexts errors,
    ExportNames names,
    IStringLocalizer<ExportTexts> texts,
    TimeProvider time,
    ILogger<ExportJob> log) : RecordJob<Export>(transitions, board, time, log), IRecordJob
{
    public static string Queue => "exports";
    public static string Table => "exports";

    protected override int AttemptLimit => ExportTransitions.MaxAttempts;

    public async Task<JobDescription?> DescribeAsync(string id, CancellationToken cancellationToken) =>
        await exports.FindAsync(id, cancellationToken) is not { } export ? null : new JobDescription(
            texts["Job.Pack", export.ArchiveName, names.Summary(export)].Value.TrimEnd(),
            texts["State." + export.State],
            "/exports/" + id,
            export.State switch
            {
                ExportState.Building => (double)export.DoneBytes / Math.Max(1, export.TotalBytes) / 2,
                ExportState.Verifying => 0.5 + ((double)export.VerifiedBytes / Math.Max(1, export.TotalBytes) / 2),
                _ => null,
            });

    public Task CancelAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        exports.CancelAsync(id, caller, cancellationToken);

    public async Task<string?> RetryAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        await exports.RetryAsync(id, caller, cancellationToken) switch
        {
            RetryExportResult.AlreadyLive twin => texts["Job.SameContent", twin.Live.Id].Value,
            RetryExportResult.Refused refused => errors.Message(refused.Error),
            RetryExportResult.NotFound => errors.Message(new ExportError("not-found")),
            _ => null,
        };

    protected override Task<Export?> FindAsync(string id, CancellationToken cancellationToken) => store.FindAsync(id, cancellationToken);

    protected override JobOutcome? EndOf(Export export) => export switch
    {
        { State: ExportState.Failed, Error: { } error } => new JobOutcome.Failed(errors.ForRunLog(error)),
        { State: ExportState.Cancelled } => new JobOutcome.Cancelled(),
        { HasEnded: true } => new JobOutcome.Done(export.State.ToString()),
        _ => null,
    };

    protected override async Task<JobOutcome?> WorkAsync(Export export, CancellationToken cancellationToken)
    {
        using var span = Tracing.Start("export")?.SetTag("export.id", export.Id);
        await events.StartedAsync(export);
        var began = Time.GetTimestamp();
        var promised = await PatientlyAsync(export.Id, () => store.ReadContractAsync(export.Id, cancellationToken), cancellationToken);
        if (export.UnflushedBoot is not null && await ConfirmAsync(export, promised, cancellationToken) is { } confirmed)
        {
            return confirmed;
        }

        using var paused = hot.Pause();
        var contract = await PatientlyAsync(export.Id, () => known.AddToAsync(promised, cancellationToken), cancellationToken);
        await PatientlyAsync(export.Id, () => retention.PrepareAsync(export, cancellationToken), cancellationToken);

        await using var packer = new ArchivePacker(
            export, contract, builder, name => folder.FreePathFor(name, export.Claim), folder.FileMode);
        await packer.BuildAsync(board.Begin(export.Id, ExportState.Building), cancellationToken);
        if (!await PatientlyAsync(export.Id, () => transitions.VerifyAsync(export.Id, cancellationToken), cancellationToken))
        {
            return null;
        }

        await packer.VerifyAsync(board.Begin(export.Id, ExportState.Verifying), cancellationToken);
        var packed = await packer.PublishAsync(flush: BootId.Current is null, cancellationToken);
        return await PublishAsync(export, packed, began, cancellationToken);
    }

    protected override async Task<JobOutcome?> FailAsync(Export export, Exception exception, CancellationToken cancellationToken)
    {
        var error = ExportErrors.Describe(exception, folder.TempPath);
        var reason = await events.FailedAsync(export, error, board.Find(export.Id)?.DoneBytes ?? 0, exception, () => PatientlyAsync(
            export.Id, () => transitions.FailAsync(export.Id, error, CancellationToken.None), cancellationToken));
        return reason is null ? null : new JobOutcome.Failed(reason);
    }

    /// <summary>The archives are there, so nothing is cancelled any more but the wait for a database that is away.</summary>
    private async Task<JobOutcome?> PublishAsync(Export export, PackedSet packed, long began, CancellationToken cancellationToken)
    {
        if (!await PatientlyAsync(
                export.Id, () => transitions.PublishAsync(export.Id, packed, BootId.Current, CancellationToken.None), cancellationToken)
            && !await WasPublishedAsync(export.Id, packed, cancellationToken))
        {
            return null;
        }

        var elapsed = Time.GetElapsedTime(began);
        board.Completed(export.TotalBytes, elapsed);
        await events.ReadyAsync(export, packed, elapsed);
        await LearnAsync(packed);
        return new JobOutcome.Done(nameof(ExportState.Ready));
    }

    /// <summary>Whether it had been, by an attempt whose answer was lost; if not, the archives are removed.</summary>
    private async Task<bool> WasPublishedAsync(string id, PackedSet packed, CancellationToken cancellationToken)
    {
        var found = await PatientlyAsync(id, () => FindAsync(id, CancellationToken.None), cancellationToken);
        if (found?.State == ExportState.Ready && found.Parts.Select(part => part.Path).SequenceEqual(
            packed.Parts.Select(part => part.Path), StringComparer.Ordinal))
        {
            return true;
        }

        // Without a record they stay: the database is an older one than it was, and ops are told of them.
        if (found is not null)
        {
            packed.Parts.ToList().ForEach(part => File.Delete(part.Path));
        }

        return false;
    }

    /// <summary>What only saves time later; all of it is also done without.</summary>
    private async Task LearnAsync(PackedSet packed)
    {
        try
        {
            await queue.TriggerAsync<ArchiveCompletion>(CancellationToken.None);
            await known.KeepAsync(packed.Entries, CancellationToken.None);
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            Log.NotLearned(log, exception.Message);
        }
    }

    /// <summary>The machine went down before its archives were known to be on the disk, or their files are other ones than were
    /// verified.</summary>
    /// <returns>Null when they have to be built again.</returns>
    private async Task<JobOutcome?> ConfirmAsync(
        Export export, IReadOnlyList<ContractEntry> contract, CancellationToken cancellationToken)
    {
        var progress = board.Begin(export.Id, ExportState.Building);
        var identities = await PatientlyAsync(
            export.Id, () => recheck.IdentifyIntactAsync(export, contract, progress, cancellationToken), cancellationToken);
        if (identities is null)
        {
            events.FoundDamaged(export);
            return null;
        }

        if (!await PatientlyAsync(
            export.Id, () => transitions.ConfirmAsync(export.Id, identities, CancellationToken.None), cancellationToken))
        {
            return null;
        }

        await events.ConfirmedAsync(export);
        return new JobOutcome.Done(nameof(ExportState.Ready));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "打包所得的指纹未能保存: {Reason}")]
        public static partial void NotLearned(ILogger logger, string reason);
    }
}
