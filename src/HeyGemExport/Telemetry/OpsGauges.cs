using System.Diagnostics.Metrics;
using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Retention;
using HeyGemExport.FileSystem;
using HeyGemExport.Health;
using HeyGemExport.Hosting;
using HeyGemExport.Library;
using HeyGemExport.Library.Fingerprints;
using HeyGemExport.Nodes;

namespace HeyGemExport.Telemetry;

/// <summary>The current state as gauges, queried only when the metrics are collected.</summary>
internal sealed class OpsGauges(
    IMeterFactory meters, ExportStore store, ActiveDownloads downloads, ArchiveFolder temp, OutputsRoot outputs, SystemCheck check,
    LibraryIndex library, HotVideos hot, NodeRegistry nodes)
{
    private volatile Figures figures = new([], [], [], null, null);

    public void Create()
    {
        var meter = meters.Create(AppMeter.Name);
        meter.CreateObservableGauge("heygem.exports", () => figures.ByState, description: "Exports on record, by state.");
        meter.CreateObservableGauge("heygem.archives.size", () => Known(figures.ArchiveBytes), "By", "Bytes of all archives.");
        meter.CreateObservableGauge(
            "heygem.archives.promised", () => Known(figures.PromisedBytes), "By", "Bytes of temp space promised to exports that wait.");
        meter.CreateObservableGauge(
            "heygem.downloads.active", () => downloads.Total, description: "Requests for archives that are being sent by this node.");
        meter.CreateObservableGauge("heygem.folder.free", () => figures.Free, "By", "Bytes that the service may still write, by folder.");
        meter.CreateObservableGauge(
            "heygem.check.state", () => figures.Checks, description: "The state of each check: 0 ok, 1 degraded, 2 failed.");
        meter.CreateObservableGauge(
            "heygem.nodes", () => nodes.Live.CountBy(node => node.Role).Select(role => Of(role.Value, "role", role.Key)),
            description: "The nodes that live, by role, as this one knows them.");
        meter.CreateObservableGauge("heygem.videos", () => library.Current.Videos.Count, description: "Videos that the last scan found.");
        meter.CreateObservableGauge(
            "heygem.fingerprints.pending", () => hot.Count, description: "Finished videos that wait for their fingerprint on this node.");
        meter.CreateObservableGauge(
            "heygem.build.info",
            () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", AppVersion.Current)),
            description: "Always 1; the version stands in the label.");
    }

    /// <summary>Queries what takes time. While the database is unavailable, what it knows is left out.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var checks = (await check.CurrentAsync(cancellationToken)).Select(result => Of((int)result.State, "check", result.Name)).ToList();
        var free = new[] { ("temp", DiskSpace.Of(temp.TempPath).FreeBytes), ("outputs", DiskSpace.Of(outputs.FullPath).FreeBytes) }
            .Where(folder => folder.Item2 is not null)
            .Select(folder => Of(folder.Item2!.Value, "folder", folder.Item1))
            .ToList();
        try
        {
            var counts = await store.CountByStateAsync(cancellationToken);
            var ready = await store.ReadyByLastUseAsync(cancellationToken);
            figures = new Figures(
                [.. Enum.GetValues<ExportState>().Select(state =>
                    Of(counts.GetValueOrDefault(state), "state", state.ToString().ToLowerInvariant()))],
                free,
                checks,
                ready.Sum(export => export.TempBytes),
                await store.PromisedBytesAsync(cancellationToken));
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            figures = new Figures([], free, checks, ArchiveBytes: null, PromisedBytes: null);
        }
    }

    private static Measurement<long> Of(long value, string label, string name) =>
        new(value, new KeyValuePair<string, object?>(label, name));

    private static Measurement<long>[] Known(long? value) => value is { } known ? [new Measurement<long>(known)] : [];

    private sealed record Figures(
        IReadOnlyList<Measurement<long>> ByState, IReadOnlyList<Measurement<long>> Free, IReadOnlyList<Measurement<long>> Checks,
        long? ArchiveBytes, long? PromisedBytes);
}
