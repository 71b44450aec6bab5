using System.Collections.Concurrent;

namespace HeyGemExport.Jobs;

/// <summary>The figures of records that this process works on, fresher than the database has them.</summary>
internal abstract class ProgressBoard(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Phase> running = new(StringComparer.Ordinal);

    /// <summary>The progress that was reported last; null when the record does not run here.</summary>
    public JobProgress? Find(string id) => running.GetValueOrDefault(id)?.Latest;

    public void End(string id) => running.TryRemove(id, out _);

    /// <summary>Begins a phase of a record; the figures of the phase before are forgotten.</summary>
    /// <param name="doneBefore">Bytes that were done before this run.</param>
    protected Phase Begin(string id, Enum state, long doneBefore = 0) => running[id] = new Phase(state, doneBefore, time);

    protected Phase? PhaseOf(string id, Enum state) =>
        running.GetValueOrDefault(id) is { } phase && phase.State.Equals(state) ? phase : null;

    internal sealed class Phase(Enum state, long doneBefore, TimeProvider time) : IProgress<long>
    {
        /// <summary>Before that a speed says nothing.</summary>
        private static readonly TimeSpan ShortestMeasure = TimeSpan.FromSeconds(0.2);

        private readonly Lock gate = new();
        private readonly long began = time.GetTimestamp();
        private JobProgress latest = new(doneBefore);

        public Enum State => state;

        public JobProgress Latest
        {
            get
            {
                lock (gate)
                {
                    return latest;
                }
            }
        }

        public double? BytesPerSecond =>
            time.GetElapsedTime(began) is var elapsed && elapsed > ShortestMeasure && Latest.DoneBytes > doneBefore
            ? (Latest.DoneBytes - doneBefore) / elapsed.TotalSeconds
            : null;

        public void Set(JobProgress progress)
        {
            lock (gate)
            {
                latest = progress;
            }
        }

        /// <param name="value">Bytes done since the last report.</param>
        public void Report(long value)
        {
            lock (gate)
            {
                latest = latest with { DoneBytes = latest.DoneBytes + value };
            }
        }
    }
}
