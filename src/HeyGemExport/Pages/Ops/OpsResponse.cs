using HeyGemExport.Exports;
using HeyGemExport.FileSystem;
using HeyGemExport.Health;
using HeyGemExport.Shares;

namespace HeyGemExport.Pages.Ops;

/// <summary>What <c>GET /api/v1/ops</c> answers.</summary>
/// <param name="At">When it was taken.</param>
/// <param name="RecordsAreKnown">Whether the database answered; otherwise queue, running, unsuccessful, archives and shares are empty.</param>
/// <param name="Queue">What waits for a worker, in its order.</param>
/// <param name="Running">What is being packed or proved.</param>
/// <param name="Unsuccessful">What failed or was cancelled, the latest first; at most 50.</param>
/// <param name="UnsuccessfulTotal">How many failed or were cancelled in all.</param>
/// <param name="Archives">The archives, that which was used the longest ago first.</param>
/// <param name="Shares">Share links that open something, the newest first; at most 200.</param>
/// <param name="SharesTotal">How many there are.</param>
/// <param name="Engine">The job engine on this node.</param>
/// <param name="Space">Where space goes.</param>
/// <param name="Checks">The start-up checks as they stand now.</param>
/// <param name="Versions">What runs here.</param>
internal sealed record OpsResponse(
    DateTimeOffset At,
    bool RecordsAreKnown,
    IReadOnlyList<QueuedResponse> Queue,
    IReadOnlyList<RunningResponse> Running,
    IReadOnlyList<ExportResponse> Unsuccessful,
    int UnsuccessfulTotal,
    IReadOnlyList<ArchiveResponse> Archives,
    IReadOnlyList<LiveShareResponse> Shares,
    int SharesTotal,
    EngineInfo Engine,
    SpaceResponse Space,
    IReadOnlyList<HealthEntry> Checks,
    VersionInfo Versions)
{
    internal static OpsResponse Of(OpsReport report, ExportErrorTexts errors, CheckTexts checks) => new(
        report.At,
        report.Records.AreKnown,
        [.. report.Records.Queue.Select((export, index) => new QueuedResponse(index + 1, export.QueuedAt, ExportResponse.Of(export, errors)))],
        [.. report.Records.Running.Select(export => new RunningResponse(export.ClaimedBy, ExportResponse.Of(export, errors)))],
        [.. report.Records.Unsuccessful.Select(export => ExportResponse.Of(export, errors))],
        report.Records.UnsuccessfulTotal,
        [.. report.Records.Archives.Select(archive => new ArchiveResponse(archive.Downloads, archive.IsHere, archive.Export.LastUsedAt, ExportResponse.Of(archive.Export, errors)))],
        [.. report.Records.Shares.Items.Select(share => new LiveShareResponse(share.ArchiveName, share.IsThere, ShareEndpoints.Describe(share.Link, report.At)))],
        report.Records.Shares.Total,
        report.Engine,
        new SpaceResponse(report.Temp, report.Outputs, report.Records.ArchiveBytes, report.Records.PromisedBytes, report.MaxArchiveBytes),
        [.. report.Checks.Select(result => HealthEntry.Of(result, checks))],
        report.Versions);
}

/// <summary>An export that waits.</summary>
/// <param name="Position">From 1.</param>
/// <param name="WaitingSince">When it was put into the queue.</param>
/// <param name="Export">The export.</param>
internal sealed record QueuedResponse(int Position, DateTimeOffset WaitingSince, ExportResponse Export);

/// <summary>An export that is being packed or proved.</summary>
/// <param name="Worker">The process that works on it.</param>
/// <param name="Export">The export.</param>
internal sealed record RunningResponse(string? Worker, ExportResponse Export);

/// <summary>The archive of a ready export.</summary>
/// <param name="Downloads">How many requests are being sent by this node now.</param>
/// <param name="IsHere">Whether its files are to be seen from this node.</param>
/// <param name="LastUsedAt">When it was last downloaded, or else when it was made.</param>
/// <param name="Export">The export.</param>
internal sealed record ArchiveResponse(int Downloads, bool IsHere, DateTimeOffset? LastUsedAt, ExportResponse Export);

/// <summary>A share link that opens something.</summary>
/// <param name="ArchiveName">The archive that it leads to.</param>
/// <param name="IsThere">Whether that archive has not been removed.</param>
/// <param name="Share">The link.</param>
internal sealed record LiveShareResponse(string ArchiveName, bool IsThere, ShareEndpoints.ShareResponse Share);

/// <summary>Where space goes.</summary>
/// <param name="Temp">The file system of archives.</param>
/// <param name="Outputs">The file system of results.</param>
/// <param name="ArchiveBytes">Bytes of all archives.</param>
/// <param name="PromisedBytes">Bytes of temp space promised to what waits.</param>
/// <param name="MaxArchiveBytes">Bytes that all archives together may take; 0 for no cap.</param>
internal sealed record SpaceResponse(DiskSpace Temp, DiskSpace Outputs, long ArchiveBytes, long PromisedBytes, long MaxArchiveBytes);
