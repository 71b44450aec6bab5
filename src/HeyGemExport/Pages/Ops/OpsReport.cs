using HeyGemExport.Exports;
using HeyGemExport.Health;
using HeyGemExport.Shares;

namespace HeyGemExport.Pages.Ops;

/// <summary>All that ops see at a glance, as of one moment.</summary>
internal sealed record OpsReport
{
    /// <summary>When it was taken.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The exports.</summary>
    public required OpsRecords Records { get; init; }

    /// <summary>The job engine.</summary>
    public required EngineInfo Engine { get; init; }

    /// <summary>The file system of archives.</summary>
    public required FolderSpace Temp { get; init; }

    /// <summary>The file system of results.</summary>
    public required FolderSpace Outputs { get; init; }

    /// <summary>Bytes that all archives together may take; 0 for no cap.</summary>
    public required long MaxArchiveBytes { get; init; }

    /// <summary>The start-up checks as they stand now.</summary>
    public required IReadOnlyList<CheckResult> Checks { get; init; }

    /// <summary>What runs here.</summary>
    public required VersionInfo Versions { get; init; }
}

/// <summary>The exports, as the database has them.</summary>
internal sealed record OpsRecords
{
    /// <summary>Whether the database answered; otherwise there is nothing in here.</summary>
    public bool AreKnown { get; init; }

    /// <summary>What waits for a worker, in its order.</summary>
    public IReadOnlyList<Export> Queue { get; init; } = [];

    /// <summary>What is being packed or proved.</summary>
    public IReadOnlyList<Export> Running { get; init; } = [];

    /// <summary>What failed or was cancelled, the latest first; at most <see cref="OpsOverview.MaxUnsuccessful"/>.</summary>
    public IReadOnlyList<Export> Unsuccessful { get; init; } = [];

    /// <summary>How many failed or were cancelled in all.</summary>
    public int UnsuccessfulTotal { get; init; }

    /// <summary>The archives, that which was used the longest ago first.</summary>
    public IReadOnlyList<ArchiveEntry> Archives { get; init; } = [];

    /// <summary>Share links that open something, the newest first; at most <see cref="OpsOverview.MaxShares"/> are named.</summary>
    public LiveShares Shares { get; init; } = new([], 0);

    /// <summary>Bytes of all archives.</summary>
    public long ArchiveBytes => Archives.Sum(archive => archive.Export.ArchiveBytes ?? 0);

    /// <summary>Bytes of temp space promised to what waits.</summary>
    public long PromisedBytes { get; init; }
}

/// <summary>The archive of a ready export.</summary>
/// <param name="Export">The export, with its parts and last use.</param>
/// <param name="Downloads">How many requests are being sent by this node now.</param>
/// <param name="IsHere">Whether its files are to be seen from this node.</param>
internal sealed record ArchiveEntry(Export Export, int Downloads, bool IsHere);

/// <summary>The job engine on this node.</summary>
/// <param name="Name">As its makers write it.</param>
/// <param name="Version">Of its package.</param>
/// <param name="DashboardPath">Where its own dashboard is, from the app's root; null when it has none.</param>
/// <param name="IsRunning">Whether it takes jobs from its queue; null when it does not tell.</param>
/// <param name="Workers">Archives built at the same time on this node.</param>
/// <param name="Busy">Workers that are at work on this node.</param>
/// <param name="Node">This process, as it signs the exports that it works on.</param>
internal sealed record EngineInfo(string Name, string Version, string? DashboardPath, bool? IsRunning, int Workers, int Busy, string Node);

/// <summary>A folder's file system.</summary>
/// <param name="Path">The folder.</param>
/// <param name="FreeBytes">Bytes that the service may still write; null when it cannot be told.</param>
/// <param name="TotalBytes">Its size; null when it cannot be told.</param>
internal sealed record FolderSpace(string Path, long? FreeBytes, long? TotalBytes);

/// <summary>What runs here.</summary>
/// <param name="App">The app's version.</param>
/// <param name="Runtime">For example <c>.NET 10.0.1</c>.</param>
/// <param name="Os">The operating system and its architecture.</param>
/// <param name="Database"><c>SQLite</c> or <c>PostgreSQL</c>.</param>
/// <param name="DatabaseLocation">The file, or server and database.</param>
/// <param name="SchemaVersion">The newest migration; null when the database does not answer.</param>
/// <param name="StartedAt">When the process began.</param>
internal sealed record VersionInfo(string App, string Runtime, string Os, string Database, string DatabaseLocation, int? SchemaVersion, DateTimeOffset StartedAt);
