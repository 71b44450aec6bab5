using HeyGemExport.Exports;
using HeyGemExport.Shares;

namespace HeyGemExport.Health;

/// <summary>All that ops see at a glance, as of one moment.</summary>
internal sealed record OpsReport(
    DateTimeOffset At,
    OpsRecords Records,
    EngineInfo Engine,
    SpaceInfo Space,
    IReadOnlyList<CheckResult> Checks,
    VersionInfo Versions);

/// <summary>The exports, as the database has them; empty and not <paramref name="AreKnown"/> if it does not answer.</summary>
internal sealed record OpsRecords(bool AreKnown)
{
    /// <summary>What waits for a worker, in its order.</summary>
    public IReadOnlyList<Export> Queue { get; init; } = [];

    public IReadOnlyList<Export> Running { get; init; } = [];

    /// <summary>What failed or was cancelled, the latest first; at most <see cref="OpsOverview.MaxUnsuccessful"/>.</summary>
    public IReadOnlyList<Export> Unsuccessful { get; init; } = [];

    public int UnsuccessfulTotal { get; init; }

    /// <summary>The archives, least recently used first.</summary>
    public IReadOnlyList<ArchiveEntry> Archives { get; init; } = [];

    /// <summary>Working share links, newest first; at most <see cref="OpsOverview.MaxShares"/> are named.</summary>
    public LiveShares Shares { get; init; } = new([], 0);

    /// <summary>Bytes of temp space promised to what waits.</summary>
    public long PromisedBytes { get; init; }

    public long ArchiveBytes => Archives.Sum(archive => archive.Export.ArchiveBytes ?? 0);
}

/// <summary>The archive of a ready export.</summary>
/// <param name="Export">The export, with its parts and last use.</param>
/// <param name="Downloads">How many requests this node is sending it to now.</param>
/// <param name="IsHere">Whether this node can see its files.</param>
internal sealed record ArchiveEntry(Export Export, int Downloads, bool IsHere);

/// <summary>The job engine on this node.</summary>
/// <param name="Name">The name of the product.</param>
/// <param name="Version">The version of its package.</param>
/// <param name="DashboardPath">The path of its own dashboard below the app's root; null if it has none.</param>
/// <param name="IsRunning">Whether it takes jobs from its queue; null if it does not tell.</param>
/// <param name="Workers">Archives built at the same time on this node.</param>
/// <param name="Busy">Workers that are busy on this node.</param>
/// <param name="Node">This process, as it signs the exports that it works on.</param>
internal sealed record EngineInfo(string Name, string Version, string? DashboardPath, bool? IsRunning, int Workers, int Busy, string Node);

/// <summary>Where space goes.</summary>
/// <param name="Temp">The file system of archives.</param>
/// <param name="Outputs">The file system of results.</param>
/// <param name="ArchiveBytes">Bytes of all archives.</param>
/// <param name="PromisedBytes">Bytes of temp space promised to what waits.</param>
/// <param name="MaxArchiveBytes">The most bytes that all archives together may take; 0 for no cap.</param>
internal sealed record SpaceInfo(FolderSpace Temp, FolderSpace Outputs, long ArchiveBytes, long PromisedBytes, long MaxArchiveBytes);

/// <summary>A folder's file system.</summary>
/// <param name="Path">The folder.</param>
/// <param name="FreeBytes">Bytes that the service may still write; null if unknown.</param>
/// <param name="TotalBytes">Its size; null if unknown.</param>
internal sealed record FolderSpace(string Path, long? FreeBytes, long? TotalBytes)
{
    public static FolderSpace Of(string path)
    {
        try
        {
            var drive = new DriveInfo(path);
            return new(path, drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new(path, FreeBytes: null, TotalBytes: null);
        }
    }
}

/// <summary>What runs here.</summary>
/// <param name="App">The app's version.</param>
/// <param name="Runtime">For example <c>.NET 10.0.1</c>.</param>
/// <param name="Os">The operating system and its architecture.</param>
/// <param name="Database"><c>SQLite</c> or <c>PostgreSQL</c>.</param>
/// <param name="DatabaseLocation">The file, or server and database.</param>
/// <param name="SchemaVersion">The newest migration; null if the database does not answer.</param>
/// <param name="StartedAt">When the process was started.</param>
internal sealed record VersionInfo(
    string App, string Runtime, string Os, string Database, string DatabaseLocation, int? SchemaVersion, DateTimeOffset StartedAt);
