using HeyGemExport.Accounts;
using HeyGemExport.Archives;
using HeyGemExport.Exports.Retention;
using HeyGemExport.Hosting;
using HeyGemExport.Jobs;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Exports;

/// <summary>Packs one export, from claim to publication. A run starts from scratch.</summary>
internal sealed class ExportJob(
    ExportStore store,
    ExportTransitions transitions,
    ExportProgressBoard board,
    ArchiveFolder folder,
    ArchiveRetention retention,
    ArchiveBuilder builder,
    ExportService exports,
    ExportEvents events,
    ExportErrorTexts errors,
    IStringLocalizer<ExportTexts> texts,
    TimeProvider time,
    ILogger<ExportJob> log) : RecordJob<Export>(transitions, board, time, log), IRecordJob
{
    public static string Queue => "exports";

    protected override int AttemptLimit => ExportTransitions.MaxAttempts;

    public async Task<JobDescription?> DescribeAsync(string id, CancellationToken cancellationToken) =>
        await exports.FindAsync(id, cancellationToken) is not { } export ? null : new JobDescription(
            texts["Job.Pack", export.ArchiveName],
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
        var contract = await PatientlyAsync(export.Id, () => store.ReadContractAsync(export.Id, cancellationToken), cancellationToken);
        await PatientlyAsync(export.Id, () => retention.PrepareAsync(export, cancellationToken), cancellationToken);

        await using var packer = new ArchivePacker(export, contract, builder, folder);
        await packer.BuildAsync(board.Begin(export.Id, ExportState.Building), cancellationToken);
        if (!await PatientlyAsync(export.Id, () => transitions.VerifyAsync(export.Id, cancellationToken), cancellationToken))
        {
            return null;
        }

        await packer.VerifyAsync(board.Begin(export.Id, ExportState.Verifying), cancellationToken);
        return await PublishAsync(export, await packer.PublishAsync(cancellationToken), began, cancellationToken);
    }

    protected override async Task<JobOutcome?> FailAsync(Export export, Exception exception, CancellationToken cancellationToken)
    {
        var error = ExportErrors.Describe(exception, folder.FullPath);
        var reason = await events.FailedAsync(export, error, board.Find(export.Id)?.DoneBytes ?? 0, exception, () => PatientlyAsync(
            export.Id, () => transitions.FailAsync(export.Id, error, CancellationToken.None), cancellationToken));
        return reason is null ? null : new JobOutcome.Failed(reason);
    }

    /// <summary>The archives are there, so nothing is cancelled any more but the wait for a database that is away.</summary>
    private async Task<JobOutcome?> PublishAsync(Export export, PackedSet packed, long began, CancellationToken cancellationToken)
    {
        var published = false;
        try
        {
            published = await PatientlyAsync(
                export.Id, () => transitions.PublishAsync(export.Id, packed, CancellationToken.None), cancellationToken);
        }
        finally
        {
            if (!published)
            {
                foreach (var part in packed.Parts)
                {
                    File.Delete(part.Path);
                }
            }
        }

        if (!published)
        {
            return null;
        }

        var elapsed = Time.GetElapsedTime(began);
        board.Completed(export.TotalBytes, elapsed);
        await events.ReadyAsync(export, packed, elapsed);
        return new JobOutcome.Done(nameof(ExportState.Ready));
    }
}
