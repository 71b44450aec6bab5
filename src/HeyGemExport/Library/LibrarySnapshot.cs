using HeyGemExport.Library.Tags;
using HeyGemExport.Library.Tasks;

namespace HeyGemExport.Library;

/// <summary>One batch and what is in it.</summary>
/// <param name="Name">First folder below the outputs folder, or <see cref="Video.Ungrouped"/>.</param>
/// <param name="Videos">How many videos it holds, in any state.</param>
/// <param name="Ready">How many of them are ready.</param>
/// <param name="Bytes">Bytes of all of them.</param>
/// <param name="ModifiedAt">The newest write time in it.</param>
internal sealed record BatchSummary(string Name, int Videos, int Ready, long Bytes, DateTimeOffset ModifiedAt)
{
    /// <summary>What its task list expects, against what is there; null when it has no list.</summary>
    public BatchTasks? Tasks { get; init; }

    /// <summary>Its tags, which each of its videos has too.</summary>
    public IReadOnlyList<AppliedTag> Tags { get; init; } = [];

    /// <summary>Why its <c>tags.json</c> cannot be read; null when it can, or when it has none.</summary>
    public TagFileFault? TagFileFault { get; init; }
}

/// <summary>What one scan of the outputs folder found. Immutable.</summary>
internal sealed class LibrarySnapshot
{
    private readonly Dictionary<string, Video> byPath;
    private readonly Lazy<IReadOnlyList<TagSummary>> tagSummaries;

    /// <summary>Sorts the videos newest first and sums up their batches.</summary>
    /// <param name="version">Grows by one whenever a scan found something else than the one before.</param>
    /// <param name="videos">All videos found, in any order.</param>
    /// <param name="scannedAt">When the scan ended; null before the first.</param>
    /// <param name="fault">Why the folder could not be read, or null.</param>
    /// <param name="taskLists">The task list of each batch that has one, by the batch's name.</param>
    /// <param name="tags">Everything that has tags.</param>
    internal LibrarySnapshot(
        long version,
        IEnumerable<Video> videos,
        DateTimeOffset? scannedAt,
        VideoFault? fault = null,
        IReadOnlyDictionary<string, TaskList>? taskLists = null,
        LibraryTags? tags = null)
    {
        Tags = tags ?? LibraryTags.None;
        Version = version;
        Videos = [.. videos.OrderByDescending(video => video.ModifiedAt).ThenBy(video => video.Path, StringComparer.Ordinal)];
        ScannedAt = scannedAt;
        Fault = fault;
        TaskLists = taskLists ?? new Dictionary<string, TaskList>(StringComparer.Ordinal);
        byPath = Videos.ToDictionary(video => video.Path, StringComparer.Ordinal);
        Batches = Summarize();
        tagSummaries = new(() => TagSummary.Of(Videos, Batches));
    }

    private LibrarySnapshot(LibrarySnapshot same, DateTimeOffset scannedAt)
    {
        (Version, Videos, Batches, ScannedAt, Fault, TaskLists, Tags, byPath, tagSummaries) =
            (same.Version, same.Videos, same.Batches, scannedAt, same.Fault, same.TaskLists, same.Tags, same.byPath, same.tagSummaries);
    }

    /// <summary>Nothing scanned yet.</summary>
    public static LibrarySnapshot Empty { get; } = new(0, [], scannedAt: null);

    /// <summary>Grows by one whenever a scan found something else than the one before.</summary>
    public long Version { get; }

    /// <summary>All videos, newest first.</summary>
    public IReadOnlyList<Video> Videos { get; }

    /// <summary>All batches, newest first: every first folder that holds a video or a task list.</summary>
    public IReadOnlyList<BatchSummary> Batches { get; }

    /// <summary>When the scan ended; null before the first.</summary>
    public DateTimeOffset? ScannedAt { get; }

    /// <summary>Why the folder could not be read, or null.</summary>
    public VideoFault? Fault { get; }

    /// <summary>The task list of each batch that has one, by the batch's name.</summary>
    internal IReadOnlyDictionary<string, TaskList> TaskLists { get; }

    /// <summary>All tags, by name.</summary>
    public IReadOnlyList<TagSummary> TagSummaries => tagSummaries.Value;

    /// <summary>Everything that has tags.</summary>
    internal LibraryTags Tags { get; }

    /// <summary>The video at a path relative to the outputs folder, or null.</summary>
    public Video? Find(string path) => byPath.GetValueOrDefault(path);

    /// <summary>The same content, found again by a later scan.</summary>
    internal LibrarySnapshot FoundAgain(DateTimeOffset scannedAt) => new(this, scannedAt);

    private IReadOnlyList<BatchSummary> Summarize()
    {
        var batches = Videos.GroupBy(video => video.Batch, StringComparer.Ordinal).ToList();
        var named = batches.Select(batch => batch.Key).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. batches.Select(batch => Summarize(batch.Key, [.. batch]))
                .Concat(TaskLists.Keys.Where(name => !named.Contains(name)).Select(name => Summarize(name, [])))
                .OrderByDescending(batch => batch.ModifiedAt),
        ];
    }

    private BatchSummary Summarize(string name, IReadOnlyList<Video> videos)
    {
        var list = TaskLists.GetValueOrDefault(name);
        return new BatchSummary(
            name,
            videos.Count,
            videos.Count(video => video.State == VideoState.Ready),
            videos.Sum(video => video.Bytes),
            videos.Count > 0 ? videos.Max(video => video.ModifiedAt) : list!.ModifiedAt)
        {
            Tasks = list is null ? null : TaskMatching.Match(name, list, videos, Find),
            Tags = Tags.OfBatch(name),
            TagFileFault = Tags.FaultOf(name),
        };
    }
}
