using HeyGemExport.Accounts;
using HeyGemExport.Jobs;

namespace HeyGemExport.Exports;

internal sealed record ExportPage(IReadOnlyList<Export> Items, int Total, int Page, int PageSize);

/// <param name="Owners">What each of them calls it.</param>
internal sealed record OwnedExport(Export Export, IReadOnlyDictionary<string, string?> Owners);

internal sealed class ExportService(
    ExportPlanValidator validator,
    ExportStore store,
    ExportTransitions transitions,
    ExportOwners owners,
    ExportProgressBoard board,
    RecordWatchers<OwnedExport> watchers,
    IJobQueue queue,
    ExportEvents events,
    IOptions<ExportOptions> options,
    TimeProvider time)
{
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

    /// <summary>A live export with this content; not one whose archive is gone.</summary>
    public async Task<Export?> FindLiveAsync(string contentKey, CancellationToken cancellationToken) =>
        await store.FindLiveAsync(contentKey, cancellationToken) is { } live && !await ExpireLostAsync(live, cancellationToken)
            ? live
            : null;

    /// <summary>The caller asks for it, too.</summary>
    public async Task<Export> JoinAsync(Export live, Caller caller, CancellationToken cancellationToken)
    {
        await owners.AddAsync(live.Id, caller, cancellationToken);
        await events.JoinedAsync(live, caller);
        return (await AsSeenByAsync(caller, [Freshen(live)], cancellationToken))[0];
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

    /// <summary>With the figures of the moment.</summary>
    public Export Freshen(Export export)
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
