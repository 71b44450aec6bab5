using HeyGemExport.Exports;
using HeyGemExport.FileSystem;
using HeyGemExport.Nodes;
using HeyGemExport.Shares;

namespace HeyGemExport.Health;

internal sealed record OpsReport(
    DateTimeOffset At, OpsRecords Records, EngineInfo Engine, SpaceInfo Space, IReadOnlyList<CheckResult> Checks, VersionInfo Versions,
    IReadOnlyList<Node> Nodes);

internal sealed record OpsRecords
{
    /// <summary>The newest migration; null when the database did not answer, and the rest is empty.</summary>
    public int? SchemaVersion { get; init; }

    public bool AreKnown => SchemaVersion is not null;

    public IReadOnlyList<Export> Queue { get; init; } = [];
    public IReadOnlyList<Export> Running { get; init; } = [];

    /// <summary>Failed and cancelled exports, the latest first; at most <see cref="OpsOverview.MaxUnsuccessful"/>.</summary>
    public IReadOnlyList<Export> Unsuccessful { get; init; } = [];
    public int UnsuccessfulTotal { get; init; }

    /// <summary>The archives, least recently used first.</summary>
    public IReadOnlyList<ArchiveEntry> Archives { get; init; } = [];

    /// <summary>Live share links, the newest first; at most <see cref="OpsOverview.MaxShares"/> are listed.</summary>
    public LiveShares Shares { get; init; } = new([], 0);

    public long ArchiveBytes => Archives.Sum(archive => archive.Export.TempBytes);

    /// <summary>Bytes of temp space reserved for queued exports.</summary>
    public long PromisedBytes { get; init; }
}

/// <summary>The archive of a ready export, the requests for it that this node is serving, and whether this node sees its files.</summary>
internal sealed record ArchiveEntry(Export Export, int Downloads, bool IsHere);

/// <summary>The job engine on this node, with workers in all and busy ones. <c>IsRunning</c> is null on a node that runs no jobs;
/// <c>Node</c> is this process, as it signs the exports that it claims.</summary>
internal sealed record EngineInfo(string Name, string Version, string? DashboardPath, bool? IsRunning, int Workers, int Busy, string Node);

/// <summary>Where space goes: bytes of all archives, bytes reserved for queued exports, and the limit of all archives together (0 for
/// none).</summary>
internal sealed record SpaceInfo(DiskSpace Temp, DiskSpace Outputs, long ArchiveBytes, long PromisedBytes, long MaxArchiveBytes);

/// <summary>What runs here; <c>SchemaVersion</c>, the newest migration, is null when the database does not answer.</summary>
internal sealed record VersionInfo(
    string App, string Runtime, string Os, string Database, string DatabaseLocation, int? SchemaVersion, DateTimeOffset StartedAt);
