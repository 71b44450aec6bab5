using HeyGemExport.Library.Tags;
using HeyGemExport.Library.Tasks;

namespace HeyGemExport.Library;

/// <param name="Name">The first folder below the outputs folder, or <see cref="Video.Ungrouped"/>.</param>
internal sealed record BatchSummary(string Name, int Videos, int Ready, long Bytes, DateTimeOffset ModifiedAt)
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
    private readonly Lazy<IReadOnlyList<TagSummary>> tagSummaries;

    public LibrarySnapshot(
        long version,
        IEnumerable<Video> videos,
        DateTimeOffset? scannedAt,
        VideoFault? fault,
        IReadOnlyDictionary<string, TaskList> taskLists,
        LibraryTags tags)
    {
        (Version, ScannedAt, Fault, TaskLists, Tags) = (version, scannedAt, fault, taskLists, tags);
        Videos = [.. videos.OrderByDescending(video => video.ModifiedAt).ThenBy(video => video.Path, StringComparer.Ordinal)];
        byPath = Videos.ToDictionary(video => video.Path, StringComparer.Ordinal);
        Batches = Summarize();
        tagSummaries = new(() => TagSummary.Of(Videos, Batches));
    }

    public static LibrarySnapshot Empty { get; } =
        new(0, [], scannedAt: null, fault: null, new Dictionary<string, TaskList>(StringComparer.Ordinal), LibraryTags.None);

    /// <summary>Incremented whenever a scan found something other than the one before.</summary>
    public long Version { get; }

    public IReadOnlyList<Video> Videos { get; }

    /// <summary>All batches, newest first: every first folder that holds a video or a task list.</summary>
    public IReadOnlyList<BatchSummary> Batches { get; }

    public DateTimeOffset? ScannedAt { get; init; }

    public VideoFault? Fault { get; }

    public IReadOnlyDictionary<string, TaskList> TaskLists { get; }

    public IReadOnlyList<TagSummary> TagSummaries => tagSummaries.Value;

    public LibraryTags Tags { get; }

    public Video? Find(string path) => byPath.GetValueOrDefault(path);

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
            TagFileIssue = Tags.IssueOf(name),
        };
    }
}
