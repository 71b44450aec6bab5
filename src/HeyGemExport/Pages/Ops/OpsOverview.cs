using System.Diagnostics;
using System.Runtime.InteropServices;
using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Retention;
using HeyGemExport.FileSystem;
using HeyGemExport.Health;
using HeyGemExport.Hosting;
using HeyGemExport.Jobs;
using HeyGemExport.Shares;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Pages.Ops;

/// <summary>Gathers what ops see: the same for the page and the API, on every engine.</summary>
internal sealed class OpsOverview(
    ExportStore store,
    ShareLinkStore shares,
    ExportTransitions transitions,
    ExportProgressBoard board,
    ArchiveFolder temp,
    ActiveDownloads leases,
    OutputsRoot outputs,
    Database database,
    SystemCheck check,
    JobEngine engine,
    IOptions<ExportOptions> options,
    TimeProvider time)
{
    /// <summary>The most failed and cancelled exports that are named.</summary>
    public const int MaxUnsuccessful = 50;

    /// <summary>The most share links that are named.</summary>
    public const int MaxShares = 200;

    /// <summary>How it all stands now. A database that is away leaves the records out: that is when ops look here.</summary>
    public async Task<OpsReport> TakeAsync(CancellationToken cancellationToken)
    {
        var (records, schemaVersion) = await RecordsAsync(cancellationToken);
        return new OpsReport
        {
            At = time.GetUtcNow(),
            Records = records,
            Engine = Engine(),
            Temp = SpaceOf(temp.FullPath),
            Outputs = SpaceOf(outputs.FullPath),
            MaxArchiveBytes = options.Value.MaxTempBytes,
            Checks = await check.CurrentAsync(cancellationToken),
            Versions = Versions(schemaVersion),
        };
    }

    /// <summary>The space of a folder's file system.</summary>
    public static FolderSpace SpaceOf(string path)
    {
        try
        {
            var drive = new DriveInfo(path);
            return new FolderSpace(path, drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new FolderSpace(path, FreeBytes: null, TotalBytes: null);
        }
    }

    private async Task<(OpsRecords Records, int? SchemaVersion)> RecordsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var counts = await store.CountByStateAsync(cancellationToken);
            var ready = await store.ReadyByLastUseAsync(cancellationToken);
            var building = await store.InStateAsync(ExportState.Building, cancellationToken);
            var verifying = await store.InStateAsync(ExportState.Verifying, cancellationToken);
            var records = new OpsRecords
            {
                AreKnown = true,
                Queue = [.. (await store.InStateAsync(ExportState.Queued, cancellationToken)).OrderBy(export => export.QueuedAt)],
                Running = [.. verifying.Concat(building).Select(board.Freshen)],
                Unsuccessful = await store.UnsuccessfulAsync(MaxUnsuccessful, cancellationToken),
                UnsuccessfulTotal = counts.GetValueOrDefault(ExportState.Failed) + counts.GetValueOrDefault(ExportState.Cancelled),
                Archives = [.. ready.Select(export => new ArchiveEntry(export, leases.Count(export.Id), export.Parts.All(part => File.Exists(part.Path))))],
                Shares = await shares.LiveAsync(MaxShares, cancellationToken),
                PromisedBytes = await store.PromisedBytesAsync(cancellationToken),
            };
            return (records, await database.SchemaVersionAsync(cancellationToken));
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            return (new OpsRecords(), null);
        }
    }

    private EngineInfo Engine() => new(
        engine.Name, engine.Version, engine.DashboardPath, engine.IsRunning, options.Value.Workers, engine.Busy(ExportJob.Queue), transitions.Node);

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
