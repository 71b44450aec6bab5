using HeyGemExport.Data;
using HeyGemExport.FileSystem;

namespace HeyGemExport.Library.Tags;

/// <summary>Other hosts may change the tags, too.</summary>
internal sealed partial class TagService(TagStore store, OutputsRoot root, TimeProvider time, ILogger<TagService> log) : IDisposable
{
    private const int MaxAttempts = 20;

    // Without the database the library shows the tags that it knows.
    private static readonly TimeSpan ScanTimeout = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly TagTracker tracker = new(root);
    private Dictionary<TaggedKey, TaggedItem> records = [];
    private long revision = -1;
    private Task following = Task.CompletedTask;
    private bool isAway;

    public IReadOnlyDictionary<TaggedKey, TaggedItem> Present { get; private set; } = new Dictionary<TaggedKey, TaggedItem>();

    /// <summary>Waits only briefly for the database.</summary>
    internal async Task FollowAsync(LibrarySnapshot library, CancellationToken cancellationToken)
    {
        if (following.IsCompleted)
        {
            following = FollowNowAsync(library, cancellationToken);
        }

        try
        {
            await following.WaitAsync(ScanTimeout, time, cancellationToken);
            isAway = false;
        }
        catch (Exception exception) when (exception is TimeoutException || DatabaseErrors.IsUnavailable(exception))
        {
            if (!isAway)
            {
                Log.NotRead(log, exception);
            }

            isAway = true;
        }
    }

    /// <summary><c>Full</c> is what would have more than <see cref="TagName.MaxPerItem"/>; nothing was changed when there is any.</summary>
    internal async Task<(int Changed, IReadOnlyList<TaggedKey> Full)> ChangeAsync(
        IReadOnlyList<TaggedItem> targets, IReadOnlyList<string> add, IReadOnlyList<string> remove, CancellationToken cancellationToken)
    {
        var unwanted = remove.Select(TagName.Key).ToHashSet(StringComparer.Ordinal);
        await gate.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                await LoadAsync(cancellationToken);
                List<TaggedItem> changed = [.. targets.Select(target => Changed(target, add, unwanted)).OfType<TaggedItem>()];
                List<TaggedKey> full = [.. changed.Where(item => item.Tags.Count > TagName.MaxPerItem).Select(item => item.Key)];
                if (full.Count > 0 || changed.Count == 0)
                {
                    return (0, full);
                }

                var untagged = changed.Where(item => item.Tags.Count == 0).Select(item => item.Key);
                if (await TryReplaceAsync([.. untagged], [.. changed.Where(item => item.Tags.Count > 0)], cancellationToken))
                {
                    Show(changed);
                    return (changed.Count, []);
                }

                if (attempt == MaxAttempts)
                {
                    throw new DatabaseUnavailableException("Other hosts kept changing the tags.");
                }
            }
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private async Task FollowNowAsync(LibrarySnapshot library, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            await LoadAsync(cancellationToken);
            var tracking = await tracker.TrackAsync(records.Values, library, time.GetUtcNow(), cancellationToken);
            // The same object as before tells the index that nothing changed.
            Present = HaveSameValues(Present, tracking.Present) ? Present : tracking.Present;
            if (tracking.Removed.Count > 0 || tracking.Put.Count > 0)
            {
                // If another host was quicker, the next scan reads what it wrote.
                await TryReplaceAsync(tracking.Removed, tracking.Put, cancellationToken);
            }
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (revision < 0 || await store.RevisionAsync(cancellationToken) != revision)
        {
            var (loaded, items) = await store.LoadAsync(cancellationToken);
            records = items.ToDictionary(item => item.Key);
            revision = loaded;
        }
    }

    private async Task<bool> TryReplaceAsync(
        IReadOnlyList<TaggedKey> removed, IReadOnlyList<TaggedItem> put, CancellationToken cancellationToken)
    {
        if (!await store.TryReplaceAsync(revision, removed, put, cancellationToken))
        {
            return false;
        }

        revision++;
        foreach (var key in removed)
        {
            records.Remove(key);
        }

        foreach (var item in put)
        {
            records[item.Key] = item;
        }

        return true;
    }

    /// <summary>Null when nothing changes.</summary>
    private TaggedItem? Changed(TaggedItem target, IReadOnlyList<string> add, HashSet<string> unwanted)
    {
        IReadOnlyList<string> before = records.TryGetValue(target.Key, out var record) && record.IsSame(target) ? record.Tags : [];
        var after = TagName.Distinct(before.Where(tag => !unwanted.Contains(TagName.Key(tag))).Concat(add));
        return after.SequenceEqual(before, StringComparer.Ordinal) ? null : target with { Tags = after };
    }

    private static bool HaveSameValues(
        IReadOnlyDictionary<TaggedKey, TaggedItem> one, IReadOnlyDictionary<TaggedKey, TaggedItem> other) =>
        one.Count == other.Count && one.All(pair => ReferenceEquals(pair.Value, other.GetValueOrDefault(pair.Key)));

    private void Show(List<TaggedItem> changed)
    {
        var present = new Dictionary<TaggedKey, TaggedItem>(Present);
        foreach (var item in changed)
        {
            if (item.Tags.Count > 0)
            {
                present[item.Key] = item;
            }
            else
            {
                present.Remove(item.Key);
            }
        }

        Present = present;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "暂时无法读取标签，结果历史显示已知的标签")]
        public static partial void NotRead(ILogger logger, Exception exception);
    }
}
