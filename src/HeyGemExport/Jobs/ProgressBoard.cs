using System.Collections.Concurrent;

namespace HeyGemExport.Jobs;

/// <summary>The figures of records that this process works on, fresher than the database has them.</summary>
internal abstract class ProgressBoard(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Phase> running = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, JobProgress> heard = new(StringComparer.Ordinal);

    /// <summary>Something has happened here to the record with this id.</summary>
    public Action<string>? Changed { get; set; }

    /// <summary>The progress that was reported last; null when the record does not run here.</summary>
    public JobProgress? Find(string id) => running.GetValueOrDefault(id)?.Latest;

    public void End(string id)
    {
        running.TryRemove(id, out _);
        Notify(id);
    }

    /// <summary>Whoever watches the record looks at it now.</summary>
    public void Notify(string id) => Changed?.Invoke(id);

    /// <summary>The figures that another node has told of a record's present phase.</summary>
    public void Hear(string id, JobProgress progress) => heard[id] = progress;

    public void Forget(string id) => heard.TryRemove(id, out _);

    /// <summary>Begins a phase of a record; the figures of the phase before are forgotten.</summary>
    /// <param name="doneBefore">Bytes that were done before this run.</param>
    protected Phase Begin(string id, Enum state, long doneBefore = 0) => running[id] = new Phase(state, doneBefore, time);

    /// <summary>Null when there is nothing fresher than the record.</summary>
    protected JobProgress? LatestOf(string id, Enum state) =>
        running.GetValueOrDefault(id) is { } phase && phase.State.Equals(state) ? phase.Latest
            : heard.TryGetValue(id, out var told) ? told : null;

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
                    return latest with { BytesPerSecond = Speed(latest.DoneBytes) };
                }
            }
        }

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

        private double? Speed(long doneBytes) =>
            time.GetElapsedTime(began) is var elapsed && elapsed > ShortestMeasure && doneBytes > doneBefore
            ? (doneBytes - doneBefore) / elapsed.TotalSeconds
            : null;
    }
}
