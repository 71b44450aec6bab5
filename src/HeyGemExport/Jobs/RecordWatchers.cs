using System.Runtime.CompilerServices;
using HeyGemExport.Data;

namespace HeyGemExport.Jobs;

/// <summary>Those who watch records on this node. However many watch one, it is read once, when something happened to it.</summary>
/// <typeparam name="TRead">A record, with what else it takes to show it to any caller.</typeparam>
/// <param name="table">The topic of signals about these records.</param>
/// <param name="patience">After so long without a signal a record is read all the same.</param>
internal sealed class RecordWatchers<TRead>(string table, ProgressBoard board, TimeSpan patience, TimeProvider time)
    where TRead : class
{
    /// <summary>How often the figures of a record that runs here are shown; they are in memory.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Watched> watched = new(StringComparer.Ordinal);

    /// <summary>A record again whenever it differs, until it has ended, is gone, or the service stops.</summary>
    /// <param name="read">Null when it is gone.</param>
    /// <param name="view">Null when the caller may no longer see it.</param>
    /// <param name="stopping">The shutdown, which a reader must not delay.</param>
    public async IAsyncEnumerable<T> WatchAsync<T>(
        string id, Func<Task<TRead?>> read, Func<TRead, T?> view, Func<T, T, bool> differs, Func<T, bool> hasEnded,
        CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        var record = Join(id);
        try
        {
            T? seen = null;
            do
            {
                // Before it is read: what happens meanwhile counts.
                var changed = record.Changed.Task;
                var (isAway, found) = await TryReadAsync(record, read);
                if (!isAway)
                {
                    if (found is null || view(found) is not { } shown)
                    {
                        yield break;
                    }

                    if (seen is null || differs(seen, shown))
                    {
                        yield return shown;
                        seen = shown;
                    }

                    if (hasEnded(shown))
                    {
                        yield break;
                    }
                }

                await changed.WaitAsync(isAway || board.Find(id) is not null ? Step : patience, time, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
            }
            while (!stopping.IsCancellationRequested);
        }
        finally
        {
            Leave(id, record);
        }
    }

    /// <summary>Something has happened to a record.</summary>
    public void Look(string id) => Wake(id, isStale: true);

    /// <summary>Anything may have happened.</summary>
    public void LookAtAll()
    {
        string[] ids;
        lock (gate)
        {
            ids = [.. watched.Keys];
        }

        Array.ForEach(ids, Look);
    }

    /// <summary>What nodes have told, see <see cref="JobRecords"/>.</summary>
    public void Hear(string topic, string what)
    {
        if (string.Equals(topic, table, StringComparison.Ordinal))
        {
            board.Forget(what);
            Look(what);
        }
        else if (string.Equals(topic, JobProgress.Topic(table), StringComparison.Ordinal)
            && JobProgress.TryParse(what, out var id, out var progress) && IsWatched(id))
        {
            board.Hear(id, progress);
            Wake(id, isStale: false);
        }
    }

    private bool IsWatched(string id)
    {
        lock (gate)
        {
            return watched.ContainsKey(id);
        }
    }

    private void Wake(string id, bool isStale)
    {
        TaskCompletionSource changed;
        lock (gate)
        {
            if (!watched.TryGetValue(id, out var record))
            {
                return;
            }

            changed = record.Changed;
            record.Changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            record.IsStale |= isStale;
        }

        changed.SetResult();
    }

    /// <summary>A database that does not answer for a moment ends no watch.</summary>
    private async Task<(bool IsAway, TRead? Record)> TryReadAsync(Watched record, Func<Task<TRead?>> read)
    {
        try
        {
            return (false, await ReadAsync(record, read));
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            return (true, null);
        }
    }

    private Task<TRead?> ReadAsync(Watched record, Func<Task<TRead?>> read)
    {
        lock (gate)
        {
            if (record.IsStale || record.Reading is { IsCanceled: true } or { IsFaulted: true }
                || time.GetElapsedTime(record.ReadAt) >= patience)
            {
                record.IsStale = false;
                record.ReadAt = time.GetTimestamp();
                record.Reading = Task.Run(read);
            }

            return record.Reading;
        }
    }

    private Watched Join(string id)
    {
        lock (gate)
        {
            var record = watched.GetValueOrDefault(id) ?? (watched[id] = new Watched());
            record.Watchers++;
            return record;
        }
    }

    private void Leave(string id, Watched record)
    {
        lock (gate)
        {
            if (--record.Watchers > 0)
            {
                return;
            }

            watched.Remove(id);
        }

        board.Forget(id);
    }

    private sealed class Watched
    {
        public int Watchers { get; set; }

        public TaskCompletionSource Changed { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Whether something has happened since it was read.</summary>
        public bool IsStale { get; set; } = true;

        public long ReadAt { get; set; }

        public Task<TRead?> Reading { get; set; } = Task.FromResult<TRead?>(null);
    }
}
