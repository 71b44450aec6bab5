using System.Collections.Concurrent;
using HeyGemExport.Archives;

namespace HeyGemExport.Exports;

/// <summary>The figures of exports that run on this node, fresher than the database has them.</summary>
internal sealed class ExportProgressBoard(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Phase> running = new(StringComparer.Ordinal);
    private double lastBytesPerSecond;

    /// <summary>Speed of the last whole export on this node, packing and proving together; 0 before the first.</summary>
    public double LastBytesPerSecond => Volatile.Read(ref lastBytesPerSecond);

    /// <summary>Begins a phase of an export; the figures of the phase before are forgotten.</summary>
    public IProgress<ArchiveProgress> Begin(string exportId, ExportState state)
    {
        var phase = new Phase(state, time.GetTimestamp());
        running[exportId] = phase;
        return phase;
    }

    /// <summary>Forgets an export.</summary>
    public void End(string exportId) => running.TryRemove(exportId, out _);

    /// <summary>Remembers how fast a whole export was, for estimates.</summary>
    public void Completed(long bytes, TimeSpan elapsed)
    {
        // Small exports are all overhead and would make every estimate too long.
        if (bytes >= 16 << 20 && elapsed > TimeSpan.Zero)
        {
            Volatile.Write(ref lastBytesPerSecond, bytes / elapsed.TotalSeconds);
        }
    }

    /// <summary>The progress that was reported last, or null when the export does not run here.</summary>
    public ArchiveProgress? Find(string exportId) => running.GetValueOrDefault(exportId)?.Latest;

    /// <summary>The export with the figures of this moment.</summary>
    public Export Freshen(Export export)
    {
        if (running.GetValueOrDefault(export.Id) is not { } phase || phase.State != export.State)
        {
            return export;
        }

        var latest = phase.Latest;
        var seconds = time.GetElapsedTime(phase.Began).TotalSeconds;
        var speed = seconds > 0.2 && latest.DoneBytes > 0 ? latest.DoneBytes / seconds : (double?)null;
        var building = export.State == ExportState.Building;

        // Proving reads what building wrote: it takes about as long, and is still to come while building.
        var left = export.TotalBytes - latest.DoneBytes + (building ? export.TotalBytes : 0);
        return export with
        {
            DoneFiles = building ? latest.DoneFiles : export.FileCount,
            DoneBytes = building ? latest.DoneBytes : export.TotalBytes,
            VerifiedBytes = building ? 0 : latest.DoneBytes,
            BytesPerSecond = speed,
            EtaSeconds = speed is > 0 ? Math.Max(0, left / speed.Value) : null,
        };
    }

    private sealed class Phase(ExportState state, long began) : IProgress<ArchiveProgress>
    {
        private readonly Lock gate = new();
        private ArchiveProgress latest;

        public ExportState State => state;

        public long Began => began;

        public ArchiveProgress Latest
        {
            get
            {
                lock (gate)
                {
                    return latest;
                }
            }
        }

        public void Report(ArchiveProgress value)
        {
            lock (gate)
            {
                latest = value;
            }
        }
    }
}
