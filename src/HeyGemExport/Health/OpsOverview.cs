using HeyGemExport.Exports;
using HeyGemExport.FileSystem;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Health;

internal sealed class OpsOverview(
    OpsRecordsReader records,
    ServiceChecks services,
    SystemCheck check,
    ExportTransitions transitions,
    ArchiveFolder temp,
    OutputsRoot outputs,
    IOptions<ExportOptions> options,
    TimeProvider time)
{
    /// <summary>The current state. While the database is away the records are left out: that is when ops look here.</summary>
    public async Task<OpsReport> TakeAsync(CancellationToken cancellationToken)
    {
        var found = await records.ReadAsync(cancellationToken);
        return new()
        {
            At = time.GetUtcNow(),
            Records = found,
            Engine = services.DescribeEngine(options.Value.Workers, transitions.Node),
            Space = new SpaceInfo(
                DiskSpace.Of(temp.FullPath), DiskSpace.Of(outputs.FullPath), found.ArchiveBytes, found.PromisedBytes, options.Value.MaxTempBytes),
            Checks = await check.CurrentAsync(cancellationToken),
            Versions = services.DescribeVersions(found.SchemaVersion),
        };
    }
}
