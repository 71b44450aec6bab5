using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace HeyGemExport.Jobs;

/// <summary>The figures of records that this process works on, fresher than the database has them.</summary>
internal abstract class ProgressBoard(TimeProvider time)
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, Phase> running = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ChannelWriter<bool>, string> watchers = new();

    /// <summary>The progress that was reported last; null when the record does not run here.</summary>
    public JobProgress? Find(string id) => running.GetValueOrDefault(id)?.Latest;

    public void End(string id)
    {
        running.TryRemove(id, out _);
        Notify(id);
    }

    /// <summary>Whoever watches the record looks at it now.</summary>
    public void Notify(string id)
    {
        foreach (var (watcher, _) in watchers.Where(watcher => string.Equals(watcher.Value, id, StringComparison.Ordinal)))
        {
            watcher.TryWrite(true);
        }
    }

    /// <summary>A record again whenever it differs, until it has ended, is gone, or the service stops: each half second, and at once when
    /// something happened to it here.</summary>
    /// <param name="find">Null when it is gone, or the caller may no longer see it.</param>
    /// <param name="stopping">The shutdown, which a reader must not delay.</param>
    public async IAsyncEnumerable<T> WatchAsync<T>(
        string id, Func<CancellationToken, Task<T?>> find, Func<T, T, bool> differs, Func<T, bool> hasEnded,
        CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        T? seen = null;
        var changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        watchers[changed.Writer] = id;
        try
        {
            do
            {
                if (await find(cancellationToken) is not { } found)
                {
                    yield break;
                }

                if (seen is null || differs(seen, found))
                {
                    yield return found;
                    seen = found;
                }

                if (hasEnded(found))
                {
                    yield break;
                }

                await Task.WhenAny(
                    changed.Reader.WaitToReadAsync(cancellationToken).AsTask(), Task.Delay(WatchInterval, time, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
                changed.Reader.TryRead(out _);
            }
            while (!stopping.IsCancellationRequested);
        }
        finally
        {
            watchers.TryRemove(changed.Writer, out _);
        }
    }

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
