using HeyGemExport.Accounts;
using HeyGemExport.Exports;
using HeyGemExport.Jobs;

namespace HeyGemExport.Uploads;

/// <param name="ExportOwners">The owners of what is uploaded.</param>
internal sealed record OwnedUpload(Upload Upload, IReadOnlySet<string> Owners, IReadOnlySet<string> ExportOwners);

internal sealed class UploadService(
    UploadStore store, UploadOwners owners, ExportOwners exportOwners, UploadTransitions transitions, UploadProgressBoard board,
    RecordWatchers<OwnedUpload> watchers, UploadQueue uploadQueue, Destinations destinations, ExportService exports, UploadEvents events,
    IJobQueue queue, TimeProvider time)
    : IExportUploads
{
    public const int MinLinkSeconds = 60;

    /// <summary>The longest time that a link may hold, and that S3's signatures allow: seven days.</summary>
    public const int MaxLinkSeconds = 7 * 24 * 3600;

    public ExportError? Refuse(UploadRequest choice, Caller caller)
    {
        var destination = destinations.Find(choice.Destination ?? "");
        return choice switch
        {
            _ when destination is null => new ExportError("unknown-destination", [choice.Destination ?? ""]),
            _ when !ObjectKey.IsPrefix(choice.Prefix ?? "") => new ExportError("bad-prefix"),

            // The archive is everybody's who confirmed its content.
            { DropLocal: true } when !caller.SeesAllExports && !destination.DropLocalAfterDelivery => new ExportError("drop-local"),
            _ => null,
        };
    }

    public Task SendAsync(string exportId, UploadRequest choice, Caller caller, CancellationToken cancellationToken) =>
        RequestAsync(exportId, choice, caller, cancellationToken);

    /// <summary>Has an export sent as soon as it is ready; or joins the upload of the same that is under way.</summary>
    public async Task<RequestUploadResult> RequestAsync(
        string exportId, UploadRequest choice, Caller caller, CancellationToken cancellationToken)
    {
        if (await exports.FindAsync(exportId, caller, cancellationToken) is not { } export)
        {
            return new RequestUploadResult.NotFound();
        }

        if ((Refuse(choice, caller) ?? Obstacle(export, choice.What)) is { } error)
        {
            return new RequestUploadResult.Refused(error);
        }

        var upload = Upload.Of(export, destinations.Find(choice.Destination)!, choice, caller, time.GetUtcNow());
        while (!await store.TryInsertAsync(upload, cancellationToken))
        {
            if (await store.FindLiveTwinAsync(upload, cancellationToken) is { } live)
            {
                await owners.AddAsync(live.Id, caller, cancellationToken);
                return new RequestUploadResult.Joined(AsSeenBy(caller, live));
            }
        }

        await events.RequestedAsync(upload, caller);
        await uploadQueue.EnqueueAsync(upload, cancellationToken);
        return new RequestUploadResult.Created(upload);
    }

    internal static ExportError? Obstacle(Export export, UploadContent what) => (export.State, what) switch
    {
        (ExportState.Failed, _) => new ExportError("export-failed"),
        (ExportState.Cancelled, _) => new ExportError("export-cancelled"),
        (ExportState.Expired, UploadContent.Archive) => new ExportError("archive-gone"),
        _ => null,
    };

    /// <summary>The upload with its figures of this moment; null also when it, or its export, is not the caller's.</summary>
    public async Task<Upload?> FindAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        await ReadAsync(id, cancellationToken) is { } upload ? AsSeenBy(caller, upload) : null;

    /// <summary>Those of an export that are the caller's.</summary>
    public async Task<IReadOnlyList<Upload>> OfExportAsync(string exportId, Caller caller, CancellationToken cancellationToken)
    {
        List<Upload> own = [];
        foreach (var upload in await store.OfExportAsync(exportId, cancellationToken))
        {
            if (await owners.MaySeeAsync(upload.Id, caller, cancellationToken))
            {
                own.Add(AsSeenBy(caller, upload));
            }
        }

        return own;
    }

    /// <summary>Cancels an upload that has not ended; where others asked for it, too, only the caller's part in it. What had arrived
    /// stays; what was half sent is removed from the store.</summary>
    public async Task<ChangeUploadResult> CancelAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        !caller.SeesAllExports && await FindAsync(id, caller, cancellationToken) is { HasEnded: false }
            && await owners.LeaveAsync(id, caller, cancellationToken)
            ? ChangeUploadResult.Done
            : await ChangeAsync(
                id, caller, transitions.CancelAsync,
                async upload =>
                {
                    uploadQueue.Release(id);
                    await events.CancelledAsync(upload, caller);
                    await queue.CancelAsync<UploadJob>(id, cancellationToken);
                    await queue.TriggerAsync<UploadUpkeep>(cancellationToken);
                },
                cancellationToken);

    public Task<ChangeUploadResult> RetryAsync(string id, Caller caller, CancellationToken cancellationToken) => ChangeAsync(
        id, caller, transitions.RetryAsync,
        async upload =>
        {
            await events.RequestedAsync(upload, caller);
            await uploadQueue.EnqueueAsync(upload with { State = UploadState.Queued }, cancellationToken);
        },
        cancellationToken);

    /// <param name="seconds">How long it works; <see cref="MinLinkSeconds"/> to <see cref="MaxLinkSeconds"/>.</param>
    /// <returns>Null when there is no such object, or not yet, or its destination is gone.</returns>
    public async Task<ObjectLink?> LinkAsync(string id, int ordinal, int seconds, Caller caller, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seconds, MinLinkSeconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seconds, MaxLinkSeconds);
        if (await FindAsync(id, caller, cancellationToken) is not { } upload
            || upload.Objects.FirstOrDefault(item => item.Ordinal == ordinal) is not { Arrived: true } found
            || destinations.Find(upload.Destination) is null)
        {
            return null;
        }

        var validity = TimeSpan.FromSeconds(seconds);
        using var objects = destinations.Open(upload.Destination, upload.Bucket);
        var link = new ObjectLink(objects.LinkTo(found.Key, validity), time.GetUtcNow() + validity);
        await events.LinkedAsync(upload, found, link.ExpiresAt, caller);
        return link;
    }

    public IAsyncEnumerable<Upload> WatchAsync(
        string id, Caller caller, CancellationToken stopping, CancellationToken cancellationToken) => watchers.WatchAsync(
        id,
        () => ReadAsync(id, CancellationToken.None),
        upload => AsSeenBy(caller, upload),
        (seen, upload) => seen.State != upload.State || seen.DoneBytes != upload.DoneBytes,
        upload => upload.HasEnded,
        stopping,
        cancellationToken);

    private async Task<OwnedUpload?> ReadAsync(string id, CancellationToken cancellationToken) =>
        ShortId.IsValid(id) && await store.FindAsync(id, cancellationToken) is { } upload
            ? new(
                upload, await owners.OfAsync(id, cancellationToken), await exportOwners.OfAsync(upload.ExportId, cancellationToken))
            : null;

    private Upload? AsSeenBy(Caller caller, OwnedUpload found) =>
        caller.SeesAllExports || (found.Owners.Contains(caller.Who) && found.ExportOwners.Contains(caller.Who))
            ? AsSeenBy(caller, found.Upload)
            : null;

    // Who asked first is not told to those who joined.
    private Upload AsSeenBy(Caller caller, Upload upload) =>
        board.Freshen(upload) with { RequestedBy = caller.SeesAllExports ? upload.RequestedBy : caller.Who };

    /// <summary>Changes the record first: whoever works on the upload learns from it even when the engine's message is lost.</summary>
    private async Task<ChangeUploadResult> ChangeAsync(
        string id, Caller caller, Func<string, CancellationToken, Task<bool>> change, Func<Upload, Task> then,
        CancellationToken cancellationToken)
    {
        if (await FindAsync(id, caller, cancellationToken) is not { } upload)
        {
            return ChangeUploadResult.NotFound;
        }

        if (!await change(id, cancellationToken))
        {
            return ChangeUploadResult.NotInState;
        }

        await then(upload);
        return ChangeUploadResult.Done;
    }
}
