using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Retention;
using HeyGemExport.Shares;

namespace HeyGemExport.Health;

internal sealed class OpsRecordsReader(
    Database database, ExportStore store, ShareLinkStore shares, ExportProgressBoard board, ActiveDownloads downloads)
{
    public const int MaxUnsuccessful = 50;

    public const int MaxShares = 200;

    public async Task<OpsRecords> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var counts = await store.CountByStateAsync(cancellationToken);
            var ready = await store.ReadyByLastUseAsync(cancellationToken);
            var building = await store.InStateAsync(ExportState.Building, cancellationToken);
            var verifying = await store.InStateAsync(ExportState.Verifying, cancellationToken);
            return new OpsRecords
            {
                SchemaVersion = await database.SchemaVersionAsync(cancellationToken),
                Queue = [.. (await store.InStateAsync(ExportState.Queued, cancellationToken)).OrderBy(export => export.QueuedAt)],
                Running = [.. verifying.Concat(building).Select(board.Freshen)],
                Unsuccessful = await store.UnsuccessfulAsync(MaxUnsuccessful, cancellationToken),
                UnsuccessfulTotal = counts.GetValueOrDefault(ExportState.Failed) + counts.GetValueOrDefault(ExportState.Cancelled),
                Archives =
                [
                    .. ready.Select(export =>
                        new ArchiveEntry(export, downloads.Count(export.Id), export.Parts.All(part => File.Exists(part.Path)))),
                ],
                Shares = await shares.LiveAsync(MaxShares, cancellationToken),
                PromisedBytes = await store.PromisedBytesAsync(cancellationToken),
            };
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            return new OpsRecords();
        }
    }
}
