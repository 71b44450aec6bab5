using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Audit;
using HeyGemExport.Exports;

namespace HeyGemExport.Uploads;

/// <summary>Deliveries as pages and the API see them.</summary>
internal sealed class UploadService(
    UploadStore store, UploadTransitions transitions, UploadProgressBoard board, Destinations destinations, ExportService exports, AuditTrail audit, UploadMetrics metrics, TimeProvider time)
    : IExportUploads
{
    /// <summary>The shortest time that a link may hold.</summary>
    public const int MinLinkSeconds = 60;

    /// <summary>The longest time that a link may hold, and that S3's signatures allow: seven days.</summary>
    public const int MaxLinkSeconds = 7 * 24 * 3600;

    public ExportError? Refuse(UploadRequest choice)
    {
        return choice switch
        {
            _ when destinations.Find(choice.Destination ?? "") is null => new ExportError("unknown-destination", [choice.Destination ?? ""]),
            _ when !ObjectKey.IsPrefix(choice.Prefix ?? "") => new ExportError("bad-prefix"),
            _ => null,
        };
    }

    public Task SendAsync(string exportId, UploadRequest choice, Caller caller, CancellationToken cancellationToken) =>
        RequestAsync(exportId, choice, caller, cancellationToken);

    /// <summary>Has an export sent as soon as it is ready; or joins the delivery of the same that is under way.</summary>
    public async Task<RequestDeliveryResult> RequestAsync(string exportId, UploadRequest choice, Caller caller, CancellationToken cancellationToken)
    {
        if (await exports.FindAsync(exportId, caller, cancellationToken) is not { } export)
        {
            return new RequestDeliveryResult.NotFound();
        }

        if (Refuse(choice) is { } wrong)
        {
            return new RequestDeliveryResult.Refused(wrong);
        }

        if (Obstacle(export, choice.What) is { } obstacle)
        {
            return new RequestDeliveryResult.Refused(obstacle);
        }

        var delivery = Upload.Of(export, destinations.Find(choice.Destination)!, choice, caller, time.GetUtcNow());
        while (!await store.TryInsertAsync(delivery, cancellationToken))
        {
            if (await store.FindLiveTwinAsync(delivery, cancellationToken) is { } live)
            {
                return new RequestDeliveryResult.Joined(board.Freshen(live));
            }
        }

        metrics.Requested(delivery.Destination);
        await RecordAsync(AuditActions.UploadRequested, delivery, caller, $"{delivery.Destination}: {delivery.Address}, {UploadRow.Stored(delivery.What)}", cancellationToken);
        return new RequestDeliveryResult.Created(delivery);
    }

    /// <summary>Why an export in its state can never be sent, or null.</summary>
    internal static ExportError? Obstacle(Export export, UploadContent what) => (export.State, what) switch
    {
        (ExportState.Failed, _) => new ExportError("export-failed"),
        (ExportState.Cancelled, _) => new ExportError("export-cancelled"),
        (ExportState.Expired, UploadContent.Archive) => new ExportError("archive-gone"),
        _ => null,
    };

    /// <summary>The delivery with its figures of this moment; null also when its export is not the caller's to see.</summary>
    public async Task<Upload?> FindAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        ShortId.IsValid(id) && await store.FindAsync(id, cancellationToken) is { } delivery && await exports.FindAsync(delivery.ExportId, caller, cancellationToken) is not null
            ? board.Freshen(delivery)
            : null;

    /// <summary>The deliveries of an export that the caller may see, newest first.</summary>
    public async Task<IReadOnlyList<Upload>> OfExportAsync(string exportId, CancellationToken cancellationToken) =>
        [.. (await store.OfExportAsync(exportId, cancellationToken)).Select(board.Freshen)];

    /// <summary>Ends a delivery that has not ended. What had arrived stays; what was half sent is cleared away.</summary>
    public Task<ChangeDeliveryResult> CancelAsync(string id, Caller caller, CancellationToken cancellationToken) => ChangeAsync(
        id,
        caller,
        transitions.CancelAsync,
        delivery =>
        {
            metrics.Cancelled(delivery.Destination);
            return audit.RecordAsync(
                new AuditRecord(time.GetUtcNow(), AuditActions.UploadCancelled, caller.Who, caller.From, delivery.ExportId, Bytes: delivery.DoneBytes, Outcome: "cancelled", Detail: delivery.Destination),
                cancellationToken);
        },
        cancellationToken);

    /// <summary>Queues a delivery that failed again; it goes on where it stopped.</summary>
    public Task<ChangeDeliveryResult> RetryAsync(string id, Caller caller, CancellationToken cancellationToken) => ChangeAsync(
        id,
        caller,
        transitions.RetryAsync,
        delivery =>
        {
            metrics.Requested(delivery.Destination);
            return RecordAsync(AuditActions.UploadRequested, delivery, caller, $"{delivery.Destination}: {delivery.Address}, after {delivery.Error?.Code}", cancellationToken);
        },
        cancellationToken);

    /// <summary>A link to one object that has arrived, which works for whoever has it.</summary>
    /// <param name="id">The delivery.</param>
    /// <param name="ordinal">The object.</param>
    /// <param name="seconds">How long it works; <see cref="MinLinkSeconds"/> to <see cref="MaxLinkSeconds"/>.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    /// <returns>Null when there is no such object, or not yet, or its destination is gone.</returns>
    public async Task<ObjectLink?> LinkAsync(string id, int ordinal, int seconds, Caller caller, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seconds, MinLinkSeconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seconds, MaxLinkSeconds);
        if (await FindAsync(id, caller, cancellationToken) is not { } delivery
            || delivery.Objects.FirstOrDefault(item => item.Ordinal == ordinal) is not { Arrived: true } found
            || destinations.Find(delivery.Destination) is null)
        {
            return null;
        }

        var validity = TimeSpan.FromSeconds(seconds);
        using var objects = destinations.Open(delivery.Destination, delivery.Bucket);
        var link = new ObjectLink(objects.LinkTo(found.Key, validity), time.GetUtcNow() + validity);

        // Not the link itself: whoever reads the audit trail could use it.
        await RecordAsync(AuditActions.UploadLink, delivery, caller, $"{ObjectKey.Address(delivery.Bucket, found.Key)} until {link.ExpiresAt:O}", cancellationToken);
        return link;
    }

    /// <summary>The delivery now, and again whenever its figures change, until it has ended or the service stops.</summary>
    public IAsyncEnumerable<Upload> WatchAsync(string id, Caller caller, CancellationToken stopping, CancellationToken cancellationToken) => ProgressEvents.WatchAsync(
        token => FindAsync(id, caller, token),
        (seen, delivery) => seen.State != delivery.State || seen.DoneBytes != delivery.DoneBytes,
        delivery => delivery.HasEnded,
        time,
        stopping,
        cancellationToken);

    private async Task<ChangeDeliveryResult> ChangeAsync(
        string id, Caller caller, Func<string, CancellationToken, Task<bool>> change, Func<Upload, Task> record, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, caller, cancellationToken) is not { } delivery)
        {
            return ChangeDeliveryResult.NotFound;
        }

        if (!await change(id, cancellationToken))
        {
            return ChangeDeliveryResult.NotInState;
        }

        await record(delivery);
        return ChangeDeliveryResult.Done;
    }

    private Task RecordAsync(string action, Upload delivery, Caller caller, string detail, CancellationToken cancellationToken) => audit.RecordAsync(
        new AuditRecord(time.GetUtcNow(), action, caller.Who, caller.From, delivery.ExportId, Detail: detail), cancellationToken);
}
