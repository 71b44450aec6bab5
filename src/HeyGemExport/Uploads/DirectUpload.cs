using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Exports;
using HeyGemExport.Uploads.Sending;

namespace HeyGemExport.Uploads;

/// <summary>Sends archives that are at hand and have no record: one attempt, from beginning to end. What it had half sent when it is
/// interrupted is cleared away.</summary>
internal sealed class DirectUpload(Destinations destinations, UploadPlanner planner, AuditTrail audit, TimeProvider time)
{
    /// <summary>Sends the archives of an export, and the manifest last.</summary>
    /// <exception cref="ObjectStoreException">The store refused something, or did not answer for long.</exception>
    public async Task<Upload> SendAsync(
        Export export, UploadRequest choice, Caller caller, IProgress<long> progress, CancellationToken cancellationToken)
    {
        var destination = destinations.Find(choice.Destination)
            ?? throw new ObjectStoreException(new ExportError("unknown-destination", [choice.Destination]), isTransient: false);
        var request = choice with { What = UploadContent.Archive, DropLocal = true };
        var upload = Upload.Of(export, destination, request, caller, time.GetUtcNow()) with { State = UploadState.Sending };
        upload = upload with { Objects = await planner.PlanAsync(upload, export, cancellationToken) };
        var sources = await planner.SourcesAsync(upload, export, cancellationToken);
        using var store = destinations.Open(destination.Name, destination.Bucket);
        var sender = new ObjectSender(store, destinations.SettingsOf(destination.Name), destinations.Patience);
        foreach (var item in upload.Objects)
        {
            await SendAsync(store, sender, new ObjectOrder(sources[item.Ordinal], item.Key), progress, cancellationToken);
        }

        var bytes = upload.Objects.Sum(item => item.Bytes);
        await audit.RecordAsync(
            new AuditRecord(
                time.GetUtcNow(),
                AuditActions.UploadReady,
                caller.Who,
                caller.From,
                export.Id,
                upload.Objects.Count,
                bytes,
                Detail: $"{destination.Name}: {upload.Address}"),
            CancellationToken.None);
        return upload with { State = UploadState.Ready, TotalBytes = bytes, DoneBytes = bytes, FinishedAt = time.GetUtcNow() };
    }

    private static async Task SendAsync(
        ObjectStore store, ObjectSender sender, ObjectOrder order, IProgress<long> progress, CancellationToken cancellationToken)
    {
        BegunUpload? begun = null;
        try
        {
            await sender.SendAsync(order with { Begin = started => Task.FromResult(begun = started) }, progress, cancellationToken);
        }
        catch when (begun is not null)
        {
            try
            {
                await store.AbortAsync(order.Key, begun.Id, CancellationToken.None);
            }
            catch (ObjectStoreException)
            {
                // A store that is away keeps the parts until its own rule for incomplete uploads clears them.
            }

            throw;
        }
    }
}
