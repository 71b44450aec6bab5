using HeyGemExport.Archives;
using HeyGemExport.Jobs;

namespace HeyGemExport.Exports;

internal sealed class ExportProgressBoard(TimeProvider time) : ProgressBoard(time)
{
    private double lastBytesPerSecond;

    /// <summary>Speed of the last whole export on this node, packing and verifying together; 0 before the first.</summary>
    public double LastBytesPerSecond => Volatile.Read(ref lastBytesPerSecond);

    public IProgress<ArchiveProgress> Begin(string id, ExportState state) => new Reports(base.Begin(id, state));

    public void Completed(long bytes, TimeSpan elapsed)
    {
        // Small exports are all overhead and would make every estimate too long.
        if (bytes >= 16 << 20 && elapsed > TimeSpan.Zero)
        {
            Volatile.Write(ref lastBytesPerSecond, bytes / elapsed.TotalSeconds);
        }
    }

    /// <summary>With the figures of this moment where it runs here, of its last heartbeat where another node has it.</summary>
    public Export Freshen(Export export)
    {
        if (export.State is ExportState.Building or ExportState.Verifying && LatestOf(export.Id, export.State) is { } done)
        {
            var building = export.State == ExportState.Building;
            export = export with
            {
                DoneFiles = building ? done.DoneFiles : export.FileCount,
                DoneBytes = building ? done.DoneBytes : export.TotalBytes,
                VerifiedBytes = building ? 0 : done.DoneBytes,
                BytesPerSecond = done.BytesPerSecond,
            };
        }

        // Verifying reads what building wrote: it takes about as long, and is still to come while building.
        var left = (2 * export.TotalBytes) - export.DoneBytes - export.VerifiedBytes;
        return export with { EtaSeconds = export.BytesPerSecond is > 0 and var speed ? Math.Max(0, left / speed) : null };
    }

    private sealed class Reports(Phase phase) : IProgress<ArchiveProgress>
    {
        public void Report(ArchiveProgress value) => phase.Set(new JobProgress(value.DoneBytes, value.DoneFiles));
    }
}
