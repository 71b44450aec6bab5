using HeyGemExport.Library.Tags;
using HeyGemExport.Library.Tasks;

namespace HeyGemExport.Library;

/// <param name="Name">The first folder below the outputs folder, or <see cref="Video.Ungrouped"/>.</param>
internal sealed record BatchSummary(string Name, int Videos, int Ready, long Bytes, long ReadyBytes, DateTimeOffset ModifiedAt)
{
    /// <summary>Null when it has no list.</summary>
    public BatchTasks? Tasks { get; init; }

    /// <summary>Each of its videos has them too.</summary>
    public IReadOnlyList<AppliedTag> Tags { get; init; } = [];

    /// <summary>Why its <c>tags.json</c> cannot be read; null when it can, or when it has none.</summary>
    public SidecarIssue? TagFileIssue { get; init; }
}

internal sealed record LibrarySnapshot
{
    private readonly Dictionary<string, Video> byPath;
    private readonly Dictionary<string, List<Video>> byBatch = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BatchSummary> summaries;
    private readonly Lazy<IReadOnlyList<TagSummary>> tagSummaries;
    private readonly Lazy<IReadOnlyList<Video>> byName;

    // The order of an earlier snapshot, from which that of this one follows; the earlier snapshot itself would hold all before it.
    private readonly IReadOnlyList<Video>? namesBefore;

    /// <param name="before">What it follows: what it says of a batch is kept where nothing changed.</param>
    private LibrarySnapshot(
        LibrarySnapshot? before,
        IEnumerable<Video> videos,
        VideoFault? fault,
        IReadOnlyDictionary<string, TaskList> taskLists,
        LibraryTags tags)
    {
        (ScannedAt, Fault, TaskLists, Tags) = (before?.ScannedAt, fault, taskLists, tags);
        Video[] sorted = [.. videos];
        Array.Sort(sorted, CompareNewestFirst);
        Videos = sorted;
        byPath = new(sorted.Length, StringComparer.Ordinal);
        var batchOf = byBatch.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var video in sorted)
        {
            byPath.Add(video.Path, video);
            if (!batchOf.TryGetValue(Video.BatchOf(video.Path.AsSpan()), out var batch))
            {
                byBatch.Add(video.Batch, batch = []);
            }

            batch.Add(video);
        }

        Counts = sorted.CountBy(video => video.State).ToDictionary();
        summaries = byBatch.Keys.Concat(taskLists.Keys.Where(name => !byBatch.ContainsKey(name)))
            .ToDictionary(name => name, name => Unchanged(before, name) ?? Summarize(name), StringComparer.Ordinal);
        Batches = [.. summaries.Values.OrderByDescending(batch => batch.ModifiedAt)];
        TotalBytes = Batches.SumBytes(batch => batch.Bytes);
        tagSummaries = new(() => TagSummary.Of(Videos, Batches));
        namesBefore = before?.byName.IsValueCreated == true ? before.byName.Value : before?.namesBefore;
        byName = new(() => namesBefore is null ? NameOrder.Sort(Videos) : NameOrder.Update(namesBefore, byPath));
    }

    public static LibrarySnapshot Empty { get; } =
        new(before: null, [], fault: null, new Dictionary<string, TaskList>(StringComparer.Ordinal), LibraryTags.None);

    /// <summary>Incremented whenever something other than before was found.</summary>
    public long Version { get; init; }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<Video> Videos { get; }

    /// <summary>In the <see cref="NameOrder"/>.</summary>
    public IReadOnlyList<Video> ByName => byName.Value;

    /// <summary>All batches, newest first: every first folder that holds a video or a task list.</summary>
    public IReadOnlyList<BatchSummary> Batches { get; }

    public IReadOnlyDictionary<VideoState, int> Counts { get; }

    public long TotalBytes { get; }

    /// <summary>When everything was looked at; null before the first scan.</summary>
    public DateTimeOffset? ScannedAt { get; init; }

    public VideoFault? Fault { get; }

    public IReadOnlyDictionary<string, TaskList> TaskLists { get; }

    public IReadOnlyList<TagSummary> TagSummaries => tagSummaries.Value;

    public LibraryTags Tags { get; }

    public Video? Find(string path) => byPath.GetValueOrDefault(path);

    /// <summary>Some of the videos in the <see cref="NameOrder"/>.</summary>
    /// <param name="some">By path.</param>
    public Video[] InNameOrder(IReadOnlyDictionary<string, Video> some) => some.Count > Videos.Count / 8
        ? [.. ByName.Where(video => some.ContainsKey(video.Path))]
        : NameOrder.Sort(some.Values);

    /// <summary>Newest first.</summary>
    public IReadOnlyList<Video> InBatch(string name) => byBatch.GetValueOrDefault(name) ?? [];

    /// <param name="changed">Videos that are new or not as before, without tags.</param>
    /// <param name="gone">Videos that are no longer there.</param>
    /// <returns>The same snapshot when that is no change.</returns>
    public LibrarySnapshot With(
        IReadOnlyCollection<Video> changed,
        IReadOnlyCollection<Video> gone,
        VideoFault? fault,
        IReadOnlyDictionary<string, TaskList> taskLists)
    {
        if (changed.Count == 0 && gone.Count == 0 && VideoFault.AreSame(Fault, fault) && HaveSameValues(TaskLists, taskLists))
        {
            return this;
        }

        var replaced = changed.Concat(gone).Select(video => video.Path).ToHashSet(StringComparer.Ordinal);
        var kept = replaced.Count == 0 ? Videos : Videos.Where(video => !replaced.Contains(video.Path));
        return new(this, kept.Concat(changed.Select(Tags.Apply)), fault, taskLists, Tags);
    }

    /// <returns>The same snapshot when the tags apply to nothing else than before.</returns>
    public LibrarySnapshot With(LibraryTags tags)
    {
        if (ReferenceEquals(tags, Tags))
        {
            return this;
        }

        List<Video> tagged = [.. Videos.Select(tags.Apply)];
        return tagged.SequenceEqual(Videos, ReferenceEqualityComparer.Instance) && Batches.All(batch => IsSame(batch, tags))
            ? this
            : new(this, tagged, Fault, TaskLists, tags);
    }

    public static bool HaveSameValues<T>(IReadOnlyDictionary<string, T> one, IReadOnlyDictionary<string, T> other) where T : class =>
        one.Count == other.Count && one.All(pair => other.TryGetValue(pair.Key, out var value) && ReferenceEquals(pair.Value, value));

    private static int CompareNewestFirst(Video one, Video other) =>
        other.ModifiedAt.CompareTo(one.ModifiedAt) is not 0 and var order ? order : string.CompareOrdinal(one.Path, other.Path);

    private static bool IsSame(BatchSummary batch, LibraryTags tags) =>
        batch.Tags.SequenceEqual(tags.OfBatch(batch.Name)) && batch.TagFileIssue == tags.IssueOf(batch.Name);

    // The list of the ungrouped batch may name files in folders.
    private BatchSummary? Unchanged(LibrarySnapshot? before, string name) =>
        before?.summaries.GetValueOrDefault(name) is { } summary
            && (summary.Tasks is null || name is not Video.Ungrouped)
            && ReferenceEquals(before.TaskLists.GetValueOrDefault(name), TaskLists.GetValueOrDefault(name))
            && before.InBatch(name).SequenceEqual(InBatch(name), ReferenceEqualityComparer.Instance)
            && IsSame(summary, Tags)
            ? summary
            : null;

    private BatchSummary Summarize(string name)
    {
        var list = TaskLists.GetValueOrDefault(name);
        var videos = InBatch(name);
        var ready = videos.Where(video => video.State == VideoState.Ready).ToList();
        return new BatchSummary(
            name,
            videos.Count,
            ready.Count,
            videos.SumBytes(video => video.Bytes),
            ready.SumBytes(video => video.Bytes),
            videos.Count > 0 ? videos[0].ModifiedAt : list!.ModifiedAt)
        {
            Tasks = list is null ? null : TaskMatching.Match(name, list, videos, Find),
            Tags = Tags.OfBatch(name),
            TagFileIssue = Tags.IssueOf(name),
        };
    }
}
