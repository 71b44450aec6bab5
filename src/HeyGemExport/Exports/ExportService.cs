using HeyGemExport.Accounts;
using HeyGemExport.Archives;
using HeyGemExport.Jobs;
using HeyGemExport.Library;

namespace HeyGemExport.Exports;

internal sealed record ExportPage(IReadOnlyList<Export> Items, int Total, int Page, int PageSize);

/// <param name="Owners">What each of them calls it.</param>
internal sealed record OwnedExport(Export Export, IReadOnlyDictionary<string, string?> Owners);

internal sealed class ExportService(
    ExportPlanner planner,
    ExportPlanValidator validator,
    ExportStore store,
    ExportTransitions transitions,
    ExportOwners owners,
    ExportProgressBoard board,
    RecordWatchers<OwnedExport> watchers,
    InstantArchives instant,
    ArchiveFolder folder,
    LibraryIndex library,
    IJobQueue queue,
    ExportEvents events,
    IOptions<ExportOptions> options,
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

    /// <summary>Names an export for the caller: their name for it, nobody else's.</summary>
    /// <param name="name">Null or empty to name it after its content again.</param>
    /// <returns>Null when it is not the caller's.</returns>
    public async Task<Export?> RenameAsync(string id, string? name, Caller caller, CancellationToken cancellationToken)
    {
        var title = ExportNames.Clean(name);
        if (await FindAsync(id, caller, cancellationToken) is not { } export
            || !await owners.RenameAsync(id, caller, title, cancellationToken))
        {
            return null;
        }

        await events.RenamedAsync(export, title, caller);
        return export with { Title = title };
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
            if (await FindLiveAsync(contentKey, cancellationToken) is { } live)
            {
                return await JoinAsync(live, caller, cancellationToken);
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
                return new RequestExportResult.Created(Freshen(export));
            }
        }
    }

    private async Task<RequestExportResult> RequestInstantAsync(
        Selection selection, PackOptions options, ExportPlan plan, Caller caller, CancellationToken cancellationToken)
    {
        var packed = plan with { Options = options with { Delivery = Delivery.Packed } };
        if (await FindLiveAsync(packed.ContentKey(), cancellationToken) is { State: ExportState.Ready } ready)
        {
            return await JoinAsync(ready, caller, cancellationToken);
        }

        var contentKey = plan.ContentKey();
        while (true)
        {
            if (await FindLiveAsync(contentKey, cancellationToken) is { } live)
            {
                return await JoinAsync(live, caller, cancellationToken);
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
                return new RequestExportResult.Created((await FindAsync(export.Id, cancellationToken))!);
            }
        }
    }

    /// <summary>Packs exactly the files of an export, whatever its selection would be now; null when it is not the caller's.</summary>
    public async Task<RequestExportResult?> PackFirstAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, caller, cancellationToken) is not { } export)
        {
            return null;
        }

        var contract = await store.ReadContractAsync(id, cancellationToken);
        return await RequestAsync(
            new Selection(Paths: [.. contract.Select(entry => entry.Path)]), export.Options with { Delivery = Delivery.Packed }, caller,
            cancellationToken);
    }

    /// <summary>A live export with this content; not one whose archive is gone.</summary>
    private async Task<Export?> FindLiveAsync(string contentKey, CancellationToken cancellationToken) =>
        await store.FindLiveAsync(contentKey, cancellationToken) is { } live && !await ExpireLostAsync(live, cancellationToken)
            ? live
            : null;

    private async Task<RequestExportResult> JoinAsync(Export live, Caller caller, CancellationToken cancellationToken)
    {
        await owners.AddAsync(live.Id, caller, cancellationToken);
        await events.JoinedAsync(live, caller);
        return new RequestExportResult.Joined((await AsSeenByAsync(caller, [Freshen(live)], cancellationToken))[0]);
    }

    public async Task<Export?> FindAsync(string id, CancellationToken cancellationToken) =>
        ShortId.IsValid(id) && await store.FindAsync(id, cancellationToken) is { } export ? Freshen(export) : null;

    /// <summary>The same for a caller: null also when it is not theirs to see.</summary>
    public async Task<Export?> FindAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        await ReadAsync(id, cancellationToken) is { } export ? AsSeenBy(caller, export) : null;

    public Task<IReadOnlyList<RenamedFile>> RenamedAsync(string id, CancellationToken cancellationToken) =>
        store.RenamedAsync(id, cancellationToken);

    /// <param name="text">Only those whose name or content has it; null for all.</param>
    public async Task<ExportPage> ListAsync(
        int page, int pageSize, string? text, Caller caller, CancellationToken cancellationToken)
    {
        var searched = string.IsNullOrWhiteSpace(text) ? null : text.Trim();
        var found = await store.ListAsync(page, pageSize, caller.SeesAllExports ? null : caller.Who, searched, cancellationToken);
        return found with { Items = await AsSeenByAsync(caller, [.. found.Items.Select(Freshen)], cancellationToken) };
    }

    /// <summary>Ends an export; where others wait for it, only the caller's part in it, unless the caller sees all exports.</summary>
    public async Task<CancelExportResult> CancelAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, caller, cancellationToken) is not { } export)
        {
            return CancelExportResult.NotFound;
        }

        if (!caller.SeesAllExports && !export.HasEnded && await owners.LeaveAsync(id, caller, cancellationToken))
        {
            await events.LeftAsync(export, caller);
            return CancelExportResult.Left;
        }

        // The record first: whoever works on the export learns from it even when the engine's message is lost.
        if (!await transitions.CancelAsync(id, cancellationToken))
        {
            return CancelExportResult.AlreadyFinished;
        }

        await events.CancelledAsync(export, caller);
        board.Notify(id);
        await queue.CancelAsync<ExportJob>(id, cancellationToken);
        return CancelExportResult.Accepted;
    }

    /// <summary>Queues it again, with the contract that was confirmed; a source that is no longer as promised fails it again.</summary>
    public async Task<RetryExportResult> RetryAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not { } export)
        {
            return new RetryExportResult.NotFound();
        }

        if (export.State is not (ExportState.Failed or ExportState.Cancelled))
        {
            return new RetryExportResult.NotRetryable();
        }

        if (await store.FindLiveTwinAsync(id, cancellationToken) is { } twin && !await ExpireLostAsync(twin, cancellationToken))
        {
            return new RetryExportResult.AlreadyLive(Freshen(twin));
        }

        if (await validator.RefuseSpaceAsync(export.RequiredBytes, cancellationToken) is { } noSpace)
        {
            events.Refused(noSpace);
            return new RetryExportResult.Refused(noSpace);
        }

        if (!await transitions.RetryAsync(id, cancellationToken))
        {
            // Somebody else was quicker: with the same export, or with the same content.
            return await store.FindLiveTwinAsync(id, cancellationToken) is { } quicker
                ? new RetryExportResult.AlreadyLive(Freshen(quicker))
                : new RetryExportResult.NotRetryable();
        }

        await transitions.AcceptVersionsAsync(id, cancellationToken);
        await events.RetriedAsync(export, caller);
        await queue.EnqueueAsync<ExportJob>(id, cancellationToken);
        return await FindAsync(id, cancellationToken) is { } queued
            ? new RetryExportResult.Queued(queued)
            : new RetryExportResult.NotFound();
    }

    public IAsyncEnumerable<Export> WatchAsync(
        string id, Caller caller, CancellationToken stopping, CancellationToken cancellationToken) => watchers.WatchAsync(
        id,
        () => ReadAsync(id, CancellationToken.None),
        export => AsSeenBy(caller, export),
        (seen, export) => seen.State != export.State || seen.DoneBytes != export.DoneBytes || seen.VerifiedBytes != export.VerifiedBytes
            || seen.OverSoftLimit != export.OverSoftLimit || !seen.Parts.SequenceEqual(export.Parts),
        export => export.IsSettled,
        stopping,
        cancellationToken);

    /// <summary>What to select to pack the same again: for those who joined the files themselves, not how the first one found
    /// them.</summary>
    public async Task<Selection> SelectionToRepeatAsync(Export export, Caller caller, CancellationToken cancellationToken) =>
        caller.SeesAllExports || await store.IsRequestedByAsync(export.Id, caller.Who, cancellationToken)
            ? export.Selection
            : new Selection(Paths: [.. (await store.ReadContractAsync(export.Id, cancellationToken)).Select(entry => entry.Path)]);

    private async Task<OwnedExport?> ReadAsync(string id, CancellationToken cancellationToken) =>
        ShortId.IsValid(id) && await store.FindAsync(id, cancellationToken) is { } export
            ? new(export, await owners.WithTitlesAsync(id, cancellationToken))
            : null;

    private Export? AsSeenBy(Caller caller, OwnedExport found) => caller.SeesAllExports || found.Owners.ContainsKey(caller.Who)
        ? Freshen(found.Export) with
        {
            Title = found.Owners.GetValueOrDefault(caller.Who)
                ?? (caller.SeesAllExports ? found.Owners.GetValueOrDefault(found.Export.RequestedBy) : null),
            RequestedBy = caller.SeesAllExports ? found.Export.RequestedBy : caller.Who,
        }
        : null;

    // Who asked first is not told to those who joined: they asked for it, too.
    private async Task<IReadOnlyList<Export>> AsSeenByAsync(
        Caller caller, IReadOnlyList<Export> exports, CancellationToken cancellationToken)
    {
        var titles = await owners.TitlesAsync([.. exports.Select(export => export.Id)], caller, cancellationToken);
        return
        [
            .. exports.Select(export => export with
            {
                Title = titles.GetValueOrDefault(export.Id),
                RequestedBy = caller.SeesAllExports ? export.RequestedBy : caller.Who,
            }),
        ];
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

    private Export Freshen(Export export)
    {
        var elapsed = (export.FinishedAt ?? time.GetUtcNow()) - export.QueuedAt;
        return board.Freshen(export) with { OverSoftLimit = elapsed > TimeSpan.FromSeconds(options.Value.SoftTimeoutSeconds) };
    }

    /// <summary>A ready export whose archive somebody removed by hand must not be joined.</summary>
    private async Task<bool> ExpireLostAsync(Export export, CancellationToken cancellationToken)
    {
        if (export.State != ExportState.Ready || export.Parts.All(part => part.IsHere))
        {
            return false;
        }

        if (await transitions.ExpireAsync(export.Id, cancellationToken))
        {
            await events.ExpiredAsync(export, "archive-lost", freed: 0);
        }

        return true;
    }
}
