using HeyGemExport.Accounts;
using HeyGemExport.Archives;
using HeyGemExport.Jobs;
using HeyGemExport.Library;

namespace HeyGemExport.Exports;

/// <summary>From a selection to an export that is recorded.</summary>
internal sealed class ExportRequests(
    ExportService exports,
    ExportPlanner planner,
    ExportPlanValidator validator,
    ExportStore store,
    ExportOwners owners,
    InstantArchives instant,
    IExportUploads uploads,
    ArchiveFolder folder,
    LibraryIndex library,
    IJobQueue queue,
    ExportEvents events,
    TimeProvider time)
{
    public async Task<ExportPreview> PreviewAsync(
        Selection selection, PackOptions options, Caller caller, CancellationToken cancellationToken)
    {
        var plan = await planner.PlanAsync(selection, options, caller, cancellationToken);
        return new ExportPreview(
            plan.Entries.Count,
            plan.TotalBytes,
            [.. plan.Unpackable, .. plan.TooLarge, .. plan.LeftOut],
            plan.RequiredBytes,
            folder.FreeBytes(),
            validator.EstimateSeconds(plan))
        {
            Entries = plan.Entries,
            Renamed =
            [
                .. plan.Entries.Where(entry => !string.Equals(entry.Path, entry.EntryName, StringComparison.Ordinal))
                    .Select(entry => new RenamedFile(entry.Path, entry.EntryName)),
            ],
            PartCount = plan.PartCount,
            Refusal = await validator.RefuseAsync(plan, options, cancellationToken),
            CanBeInstant = ExportPlanValidator.RefuseContent(plan, options) is null
                && await instant.IsPossibleAsync(plan, cancellationToken),
            // After the plan, which scans: what it says and what the lists say belong together.
            Incomplete = IncompleteBatches.Of(selection, library),
        };
    }

    /// <summary>Requests an export and, if asked for, its upload. If the upload is refused, so is the export.</summary>
    public async Task<RequestExportResult> RequestAsync(
        Selection selection, PackOptions options, UploadRequest? upload, Caller caller, CancellationToken cancellationToken)
    {
        if (upload is not null && uploads.Refuse(upload, caller) is { } error)
        {
            return new RequestExportResult.Refused(error);
        }

        var result = await RequestAsync(selection, options, caller, cancellationToken);
        if (upload is not null && result.Recorded is { } export)
        {
            await uploads.SendAsync(export.Id, upload, caller, cancellationToken);
        }

        return result;
    }

    /// <summary>Freezes the contract, records the export and queues it; or joins the one with the same content.</summary>
    public async Task<RequestExportResult> RequestAsync(
        Selection selection, PackOptions options, Caller caller, CancellationToken cancellationToken)
    {
        var result = await RecordAsync(selection, options with { Name = null }, caller, cancellationToken);
        if (ExportNames.Clean(options.Name) is not { } title || result.Recorded is not { } recorded)
        {
            return result;
        }

        await owners.RenameAsync(recorded.Id, caller, title, cancellationToken);
        return result is RequestExportResult.Joined
            ? new RequestExportResult.Joined(recorded with { Title = title })
            : new RequestExportResult.Created(recorded with { Title = title });
    }

    /// <summary>Packs exactly the files of an export, whatever its selection would be now; null when it is not the caller's.</summary>
    public async Task<RequestExportResult?> PackFirstAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        if (await exports.FindAsync(id, caller, cancellationToken) is not { } export)
        {
            return null;
        }

        var contract = await store.ReadContractAsync(id, cancellationToken);
        return await RequestAsync(
            new Selection(Paths: [.. contract.Select(entry => entry.Path)]), export.Options with { Delivery = Delivery.Packed }, caller,
            cancellationToken);
    }

    private async Task<RequestExportResult> RecordAsync(
        Selection selection, PackOptions options, Caller caller, CancellationToken cancellationToken)
    {
        var plan = await planner.PlanAsync(selection, options, caller, cancellationToken);
        if (ExportPlanValidator.RefuseContent(plan, options) is { } unpackable)
        {
            events.Refused(unpackable);
            return new RequestExportResult.Refused(unpackable);
        }

        if (options.Delivery == Delivery.Instant)
        {
            return await RequestInstantAsync(selection, options, plan, caller, cancellationToken);
        }

        var contentKey = plan.ContentKey();
        while (true)
        {
            if (await exports.FindLiveAsync(contentKey, cancellationToken) is { } live)
            {
                return new RequestExportResult.Joined(await exports.JoinAsync(live, caller, cancellationToken));
            }

            if (await validator.RefuseSpaceAsync(plan.RequiredBytes, cancellationToken) is { } noSpace)
            {
                events.Refused(noSpace);
                return new RequestExportResult.Refused(noSpace);
            }

            var export = Create(selection, options, plan, caller);
            if (await store.TryInsertAsync(export, plan, instant: null, cancellationToken))
            {
                await events.RequestedAsync(export, caller);
                await queue.EnqueueAsync<ExportJob>(export.Id, cancellationToken);
                return new RequestExportResult.Created(exports.Freshen(export));
            }
        }
    }

    private async Task<RequestExportResult> RequestInstantAsync(
        Selection selection, PackOptions options, ExportPlan plan, Caller caller, CancellationToken cancellationToken)
    {
        var packed = plan with { Options = options with { Delivery = Delivery.Packed } };
        if (await exports.FindLiveAsync(packed.ContentKey(), cancellationToken) is { State: ExportState.Ready } ready)
        {
            return new RequestExportResult.Joined(await exports.JoinAsync(ready, caller, cancellationToken));
        }

        var contentKey = plan.ContentKey();
        while (true)
        {
            if (await exports.FindLiveAsync(contentKey, cancellationToken) is { } live)
            {
                return new RequestExportResult.Joined(await exports.JoinAsync(live, caller, cancellationToken));
            }

            var (set, unknown) = await instant.LayOutAsync(plan, cancellationToken);
            if (unknown.Count > 0 || options.Compression == CompressionChoice.Deflate)
            {
                var error = new ExportError("not-instant", Files: unknown);
                events.Refused(error);
                return new RequestExportResult.Refused(error);
            }

            var export = Create(selection, options, plan, caller);
            set = instant.WithParts(export, set);
            var known = plan with { Entries = [.. set.Entries.Select(file => file.Entry)] };
            if (await store.TryInsertAsync(export, known, set, cancellationToken))
            {
                await events.RequestedAsync(export, caller);
                await events.ReadyAsync(export, set, TimeSpan.Zero);
                await queue.TriggerAsync<ArchiveCompletion>(cancellationToken);
                return new RequestExportResult.Created((await exports.FindAsync(export.Id, cancellationToken))!);
            }
        }
    }

    private Export Create(Selection selection, PackOptions pack, ExportPlan plan, Caller caller)
    {
        var id = ShortId.Create();

        // As the record keeps it: the manifest of an archive has it, too.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        return new Export
        {
            Id = id,
            State = ExportState.Queued,
            FileCount = plan.Entries.Count,
            TotalBytes = plan.TotalBytes,
            ArchiveName = folder.NameFor(id),
            Content = ExportContent.Of(plan.Entries),
            RequestedBy = caller.Who,
            RequestedFrom = caller.From,
            Selection = selection,
            Options = pack,
            CreatedAt = now,
            QueuedAt = now,
        };
    }
}
