using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Exports;
using HeyGemExport.Uploads.Sending;

namespace HeyGemExport.Uploads;

/// <summary>Sends archives without a record, in one attempt. What it had half sent when it fails is cleared away.</summary>
internal sealed class DirectUpload(Destinations destinations, UploadPlanner planner, AuditTrail audit, TimeProvider time)
{
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
        var sender = new ObjectSender(store, destinations.SettingsOf(destination.Name));
        foreach (var item in upload.Objects)
        {
            await SendAsync(store, sender, new ObjectOrder(sources[item.Ordinal], item.Key), progress, cancellationToken);
        }

        var bytes = upload.Objects.Sum(item => item.Bytes);
        await audit.RecordAsync(
            AuditActions.UploadReady, caller, CancellationToken.None, export.Id, upload.Objects.Count, bytes,
            detail: $"{destination.Name}: {upload.Address}");
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
