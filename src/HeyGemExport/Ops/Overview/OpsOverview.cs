using System.Diagnostics;
using System.Runtime.InteropServices;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Retention;
using HeyGemExport.Jobs;
using HeyGemExport.Library;
using HeyGemExport.Storage;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Ops.Overview;

/// <summary>Gathers what ops see: the same for the page and the API, on every engine.</summary>
public sealed class OpsOverview(
    ExportStore store,
    ExportTransitions transitions,
    ExportProgressBoard board,
    ArchiveFolder temp,
    ArchiveLeases leases,
    OutputsRoot outputs,
    Database database,
    SystemCheck check,
    JobEngine engine,
    IOptions<ExportOptions> options,
    TimeProvider time,
    IEngineMonitor? monitor = null)
{
    /// <summary>The most failed and cancelled exports that are named.</summary>
    public const int MaxUnsuccessful = 50;

    /// <summary>How it all stands now.</summary>
    /// <exception cref="DatabaseUnavailableException">The database cannot be opened now.</exception>
    public async Task<OpsReport> TakeAsync(CancellationToken cancellationToken)
    {
        var counts = await store.CountByStateAsync(cancellationToken);
        var ready = await store.ReadyByLastUseAsync(cancellationToken);
        IReadOnlyList<Export> building = await store.InStateAsync(ExportState.Building, cancellationToken);
        IReadOnlyList<Export> verifying = await store.InStateAsync(ExportState.Verifying, cancellationToken);
        return new OpsReport
        {
            At = time.GetUtcNow(),
            Queue = [.. (await store.InStateAsync(ExportState.Queued, cancellationToken)).OrderBy(export => export.QueuedAt)],
            Running = [.. verifying.Concat(building).Select(board.Freshen)],
            Unsuccessful = await store.UnsuccessfulAsync(MaxUnsuccessful, cancellationToken),
            UnsuccessfulTotal = counts.GetValueOrDefault(ExportState.Failed) + counts.GetValueOrDefault(ExportState.Cancelled),
            Archives = [.. ready.Select(export => new ArchiveEntry(export, leases.Count(export.Id), export.Parts.All(part => File.Exists(part.Path))))],
            Engine = await EngineAsync(cancellationToken),
            Temp = SpaceOf(temp.FullPath),
            Outputs = SpaceOf(outputs.FullPath),
            ArchiveBytes = ready.Sum(export => export.ArchiveBytes ?? 0),
            PromisedBytes = await store.PromisedBytesAsync(cancellationToken),
            MaxArchiveBytes = options.Value.MaxTempBytes,
            Checks = await check.CurrentAsync(cancellationToken),
            Versions = await VersionsAsync(cancellationToken),
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

    private async Task<EngineInfo> EngineAsync(CancellationToken cancellationToken)
    {
        var status = monitor is null ? null : await monitor.AskAsync(cancellationToken);
        return new EngineInfo(
            engine.Name, engine.Version, engine.DashboardPath, status?.IsRunning, status?.Workers ?? options.Value.Workers, status?.Busy ?? 0, transitions.Node);
    }

    private async Task<VersionInfo> VersionsAsync(CancellationToken cancellationToken)
    {
        using var process = Process.GetCurrentProcess();
        return new VersionInfo(
            HealthEndpoints.Version,
            RuntimeInformation.FrameworkDescription,
            $"{RuntimeInformation.OSDescription} ({RuntimeInformation.OSArchitecture})",
            database.Engine == DatabaseEngine.Sqlite ? "SQLite" : "PostgreSQL",
            database.Location,
            await database.SchemaVersionAsync(cancellationToken),
            new DateTimeOffset(process.StartTime));
    }
}
