using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Retention;
using HeyGemExport.FileSystem;
using HeyGemExport.Nodes;
using HeyGemExport.Shares;

namespace HeyGemExport.Health;

/// <summary>Gathers what ops see, for the page and the API.</summary>
internal sealed class OpsOverview(
    Database database, ExportStore store, ShareLinkStore shares, ExportProgressBoard board, ActiveDownloads downloads,
    ServiceChecks services, SystemCheck check, NodeRegistry nodes, ArchiveFolder temp, OutputsRoot outputs,
    IOptions<ExportOptions> options, TimeProvider time)
{
    private const int MaxUnsuccessful = 50;
    private const int MaxShares = 200;

    /// <summary>The current state. While the database is away the records are left out: that is when ops look here.</summary>
    public async Task<OpsReport> TakeAsync(CancellationToken cancellationToken)
    {
        var found = await ReadAsync(cancellationToken);
        var (free, freeOutputs) = (DiskSpace.Of(temp.TempPath), DiskSpace.Of(outputs.FullPath));
        return new(
            time.GetUtcNow(),
            found,
            services.DescribeEngine(options.Value.Workers),
            new SpaceInfo(free, freeOutputs, found.ArchiveBytes, found.PromisedBytes, options.Value.MaxTempBytes),
            await check.CurrentAsync(cancellationToken),
            services.DescribeVersions(found.SchemaVersion),
            nodes.Live);
    }

    private async Task<OpsRecords> ReadAsync(CancellationToken cancellationToken)
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
                        new ArchiveEntry(export, downloads.Count(export.Id), export.Parts.All(part => part.IsHere))),
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
