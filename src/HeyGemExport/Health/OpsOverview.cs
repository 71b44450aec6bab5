using System.Diagnostics;
using System.Runtime.InteropServices;
using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Retention;
using HeyGemExport.FileSystem;
using HeyGemExport.Hosting;
using HeyGemExport.Jobs;
using HeyGemExport.Shares;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Health;

/// <summary>Gathers what ops see, for the page and the API.</summary>
internal sealed class OpsOverview(
    ExportStore store,
    ShareLinkStore shares,
    ExportTransitions transitions,
    ExportProgressBoard board,
    ArchiveFolder temp,
    ActiveDownloads downloads,
    OutputsRoot outputs,
    Database database,
    SystemCheck check,
    JobEngine engine,
    IOptions<ExportOptions> options,
    TimeProvider time,
    IEngineMonitor? monitor = null)
{
    public const int MaxUnsuccessful = 50;
    public const int MaxShares = 200;

    /// <summary>The present state. A database that is unavailable leaves out the records: that is when ops look here.</summary>
    public async Task<OpsReport> TakeAsync(CancellationToken cancellationToken)
    {
        var (records, schemaVersion) = await RecordsAsync(cancellationToken);
        return new OpsReport(
            time.GetUtcNow(),
            records,
            await EngineAsync(cancellationToken),
            new SpaceInfo(
                FolderSpace.Of(temp.FullPath),
                FolderSpace.Of(outputs.FullPath),
                records.ArchiveBytes,
                records.PromisedBytes,
                options.Value.MaxTempBytes),
            await check.CurrentAsync(cancellationToken),
            Versions(schemaVersion));
    }

    private async Task<(OpsRecords Records, int? SchemaVersion)> RecordsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var counts = await store.CountByStateAsync(cancellationToken);
            var ready = await store.ReadyByLastUseAsync(cancellationToken);
            var building = await store.InStateAsync(ExportState.Building, cancellationToken);
            var verifying = await store.InStateAsync(ExportState.Verifying, cancellationToken);
            var records = new OpsRecords(AreKnown: true)
            {
                Queue = [.. (await store.InStateAsync(ExportState.Queued, cancellationToken)).OrderBy(export => export.QueuedAt)],
                Running = [.. verifying.Concat(building).Select(board.Freshen)],
                Unsuccessful = await store.UnsuccessfulAsync(MaxUnsuccessful, cancellationToken),
                UnsuccessfulTotal = counts.GetValueOrDefault(ExportState.Failed) + counts.GetValueOrDefault(ExportState.Cancelled),
                Archives = [.. ready.Select(export =>
                    new ArchiveEntry(export, downloads.Count(export.Id), IsHere: export.Parts.All(part => File.Exists(part.Path))))],
                Shares = await shares.LiveAsync(MaxShares, cancellationToken),
                PromisedBytes = await store.PromisedBytesAsync(cancellationToken),
            };
            return (records, await database.SchemaVersionAsync(cancellationToken));
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            return (new OpsRecords(AreKnown: false), null);
        }
    }

    private async Task<EngineInfo> EngineAsync(CancellationToken cancellationToken)
    {
        var status = monitor is null ? null : await monitor.AskAsync(cancellationToken);
        return new EngineInfo(
            engine.Name,
            engine.Version,
            engine.DashboardPath,
            status?.IsRunning,
            status?.Workers ?? options.Value.Workers,
            status?.Busy ?? 0,
            transitions.Node);
    }

    private VersionInfo Versions(int? schemaVersion)
    {
        using var process = Process.GetCurrentProcess();
        return new VersionInfo(
            AppVersion.Current,
            RuntimeInformation.FrameworkDescription,
            $"{RuntimeInformation.OSDescription} ({RuntimeInformation.OSArchitecture})",
            database.Engine == DatabaseEngine.Sqlite ? "SQLite" : "PostgreSQL",
            database.Location,
            schemaVersion,
            new DateTimeOffset(process.StartTime));
    }
}
