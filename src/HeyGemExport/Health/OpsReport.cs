using HeyGemExport.Exports;
using HeyGemExport.FileSystem;
using HeyGemExport.Shares;

namespace HeyGemExport.Health;

/// <summary>All that ops see at a glance, at one moment.</summary>
internal sealed record OpsReport
{
    public required DateTimeOffset At { get; init; }
    public required OpsRecords Records { get; init; }
    public required EngineInfo Engine { get; init; }

    public required SpaceInfo Space { get; init; }
    public required IReadOnlyList<CheckResult> Checks { get; init; }
    public required VersionInfo Versions { get; init; }
}

/// <summary>The records of the database.</summary>
internal sealed record OpsRecords
{
    /// <summary>The newest migration; null when the database did not answer, and the rest is empty.</summary>
    public int? SchemaVersion { get; init; }

    public bool AreKnown => SchemaVersion is not null;

    /// <summary>Queued exports, in order.</summary>
    public IReadOnlyList<Export> Queue { get; init; } = [];

    /// <summary>Exports that are being built or verified.</summary>
    public IReadOnlyList<Export> Running { get; init; } = [];

    /// <summary>Failed and cancelled exports, the latest first; at most <see cref="OpsRecordsReader.MaxUnsuccessful"/>.</summary>
    public IReadOnlyList<Export> Unsuccessful { get; init; } = [];
    public int UnsuccessfulTotal { get; init; }

    /// <summary>The archives, least recently used first.</summary>
    public IReadOnlyList<ArchiveEntry> Archives { get; init; } = [];

    /// <summary>Live share links, the newest first; at most <see cref="OpsRecordsReader.MaxShares"/> are listed.</summary>
    public LiveShares Shares { get; init; } = new([], 0);

    public long ArchiveBytes => Archives.Sum(archive => archive.Export.ArchiveBytes ?? 0);

    /// <summary>Bytes of temp space reserved for queued exports.</summary>
    public long PromisedBytes { get; init; }
}

/// <summary>The archive of a ready export.</summary>
/// <param name="Export">The export, with its parts and last use.</param>
/// <param name="Downloads">Requests that this node is serving now.</param>
/// <param name="IsHere">Whether this node sees its files.</param>
internal sealed record ArchiveEntry(Export Export, int Downloads, bool IsHere);

/// <summary>The job engine on this node.</summary>
/// <param name="Name">For example <c>Hangfire</c>.</param>
/// <param name="Version">Of its package.</param>
/// <param name="DashboardPath">From the app's root; null when it has none.</param>
/// <param name="IsRunning">Whether it takes jobs from its queue; null when unknown.</param>
/// <param name="Workers">Archives built at the same time on this node.</param>
/// <param name="Busy">Workers that are busy on this node.</param>
/// <param name="Node">This process, as it signs the exports that it claims.</param>
internal sealed record EngineInfo(string Name, string Version, string? DashboardPath, bool? IsRunning, int Workers, int Busy, string Node);

/// <summary>Where space goes.</summary>
/// <param name="Temp">The file system of archives.</param>
/// <param name="Outputs">The file system of videos.</param>
/// <param name="ArchiveBytes">Bytes of all archives.</param>
/// <param name="PromisedBytes">Bytes of temp space reserved for queued exports.</param>
/// <param name="MaxArchiveBytes">Limit of all archives together in bytes; 0 for none.</param>
internal sealed record SpaceInfo(DiskSpace Temp, DiskSpace Outputs, long ArchiveBytes, long PromisedBytes, long MaxArchiveBytes);

/// <param name="App">The app's version.</param>
/// <param name="Runtime">For example <c>.NET 10.0.1</c>.</param>
/// <param name="Os">The operating system and its architecture.</param>
/// <param name="Database"><c>SQLite</c> or <c>PostgreSQL</c>.</param>
/// <param name="DatabaseLocation">The file, or server and database.</param>
/// <param name="SchemaVersion">The newest migration; null when the database does not answer.</param>
/// <param name="StartedAt">When the process started.</param>
internal sealed record VersionInfo(
    string App, string Runtime, string Os, string Database, string DatabaseLocation, int? SchemaVersion, DateTimeOffset StartedAt);
