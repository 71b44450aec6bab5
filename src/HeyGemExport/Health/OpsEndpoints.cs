using HeyGemExport.Accounts;
using HeyGemExport.Exports;
using HeyGemExport.Shares;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HeyGemExport.Health;

/// <summary>What <c>GET /api/v1/ops</c> answers.</summary>
/// <param name="At">When it was taken.</param>
/// <param name="RecordsAreKnown">Whether the database answered; if not, all lists of records are empty.</param>
/// <param name="Queue">What waits for a worker, in its order.</param>
/// <param name="Running">What is being packed or verified.</param>
/// <param name="Unsuccessful">What failed or was cancelled, the latest first; at most 50.</param>
/// <param name="UnsuccessfulTotal">How many failed or were cancelled in all.</param>
/// <param name="Archives">The archives, least recently used first.</param>
/// <param name="Shares">Working share links, newest first; at most 200.</param>
/// <param name="SharesTotal">How many there are.</param>
/// <param name="Engine">The job engine on this node.</param>
/// <param name="Space">Where space goes.</param>
/// <param name="Checks">The present results of the start-up checks.</param>
/// <param name="Versions">What runs here.</param>
/// <param name="Nodes">The nodes that live, this one first.</param>
internal sealed record OpsResponse(
    DateTimeOffset At, bool RecordsAreKnown, IReadOnlyList<QueuedResponse> Queue, IReadOnlyList<RunningResponse> Running,
    IReadOnlyList<ExportResponse> Unsuccessful, int UnsuccessfulTotal, IReadOnlyList<ArchiveResponse> Archives,
    IReadOnlyList<LiveShareResponse> Shares, int SharesTotal, EngineInfo Engine, SpaceInfo Space, IReadOnlyList<HealthEntry> Checks,
    VersionInfo Versions, IReadOnlyList<NodeResponse> Nodes);

/// <summary>A process of the app over the same database.</summary>
/// <param name="Name">As it signs what it works on.</param>
/// <param name="Role"><c>web</c>, <c>worker</c> or <c>both</c>.</param>
/// <param name="Version">Of the app.</param>
/// <param name="StartedAt">When it was first heard of.</param>
/// <param name="SeenAt">When it was last heard of.</param>
internal sealed record NodeResponse(string Name, string Role, string Version, DateTimeOffset StartedAt, DateTimeOffset SeenAt);

/// <summary>An export that waits.</summary>
/// <param name="Position">From 1.</param>
/// <param name="WaitingSince">When it was put into the queue.</param>
/// <param name="Export">The export.</param>
internal sealed record QueuedResponse(int Position, DateTimeOffset WaitingSince, ExportResponse Export);

/// <summary>An export that is being packed or verified.</summary>
/// <param name="Worker">The process that works on it.</param>
/// <param name="Export">The export.</param>
internal sealed record RunningResponse(string? Worker, ExportResponse Export);

/// <summary>The archive of a ready export.</summary>
/// <param name="Downloads">How many requests this node is sending it to now.</param>
/// <param name="IsHere">Whether this node can see its files.</param>
/// <param name="LastUsedAt">When it was last downloaded, or else when it was made.</param>
/// <param name="Export">The export.</param>
internal sealed record ArchiveResponse(int Downloads, bool IsHere, DateTimeOffset? LastUsedAt, ExportResponse Export);

/// <summary>A working share link.</summary>
/// <param name="ArchiveName">The archive that it leads to.</param>
/// <param name="IsThere">Whether that archive has not been removed.</param>
/// <param name="Share">The link.</param>
internal sealed record LiveShareResponse(string ArchiveName, bool IsThere, ShareEndpoints.ShareResponse Share);

internal static class OpsEndpoints
{
    public static void MapOps(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/v1/ops", TakeAsync).WithName("GetOps").WithTags("Ops")
            .WithSummary("Queue, running and failed exports, archives, share links, space, checks, versions and nodes.")
            .RequireAuthorization(Policies.Operator);

    private static async Task<Ok<OpsResponse>> TakeAsync(
        OpsOverview overview, ExportErrorTexts errors, ExportNames names, HealthTexts checks, HttpResponse response,
        CancellationToken cancellationToken)
    {
        var report = await overview.TakeAsync(cancellationToken);
        var records = report.Records;
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new OpsResponse(
            report.At,
            records.AreKnown,
            [.. records.Queue.Select((export, index) => new QueuedResponse(index + 1, export.QueuedAt, Show(export)))],
            [.. records.Running.Select(export => new RunningResponse(export.ClaimedBy, Show(export)))],
            [.. records.Unsuccessful.Select(Show)],
            records.UnsuccessfulTotal,
            [.. records.Archives.Select(archive =>
                new ArchiveResponse(archive.Downloads, archive.IsHere, archive.Export.LastUsedAt, Show(archive.Export)))],
            [.. records.Shares.Items.Select(share =>
                new LiveShareResponse(share.ArchiveName, share.IsThere, ShareEndpoints.Describe(share, report.At)))],
            records.Shares.Total,
            report.Engine,
            report.Space,
            [.. report.Checks.Select(result => HealthEntry.Of(result, checks))],
            report.Versions,
            [.. report.Nodes.Select(node => new NodeResponse(node.Name, node.Role, node.Version, node.StartedAt, node.SeenAt))]));

        ExportResponse Show(Export export) => ExportResponse.Of(export, errors, names);
    }
}
