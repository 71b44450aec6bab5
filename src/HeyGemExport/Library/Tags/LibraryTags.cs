using System.Collections.Concurrent;

namespace HeyGemExport.Library.Tags;

internal sealed class LibraryTags(IReadOnlyDictionary<TaggedKey, TaggedItem> present, IReadOnlyDictionary<string, TagFile> files)
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<AppliedTag>> ofBatches = new(StringComparer.Ordinal);

    public static LibraryTags None { get; } =
        new(new Dictionary<TaggedKey, TaggedItem>(), new Dictionary<string, TagFile>(StringComparer.Ordinal));

    public IReadOnlyDictionary<TaggedKey, TaggedItem> Present => present;

    public IReadOnlyDictionary<string, TagFile> Files => files;

    /// <summary>Why a batch's <c>tags.json</c> cannot be read; null when it can, or when there is none.</summary>
    public SidecarIssue? IssueOf(string batch) => files.GetValueOrDefault(batch)?.Issue;

    public IReadOnlyList<AppliedTag> OfBatch(string name) => ofBatches.GetOrAdd(name, batch => Unite(
        (TagOrigins.Batch, GivenTo(TaggedKind.Batch, batch)),
        (TagOrigins.File, files.GetValueOrDefault(batch)?.Tags ?? [])));

    /// <returns>The same video when it has these tags.</returns>
    public Video Apply(Video video)
    {
        var batch = OfBatch(video.Batch);
        var own = GivenTo(TaggedKind.Video, video.Path);
        var listed = files.GetValueOrDefault(video.Batch)?.TagsOf(video.Path) ?? [];
        var ofBatch = batch.Select(tag => (tag.Origins, (IReadOnlyList<string>)[tag.Name]));
        var tags = own.Count == 0 && listed.Count == 0 ? batch : Unite([(TagOrigins.Video, own), (TagOrigins.File, listed), .. ofBatch]);
        return tags.SequenceEqual(video.AppliedTags) ? video : video with { AppliedTags = tags };
    }

    private IReadOnlyList<string> GivenTo(TaggedKind kind, string path) => present.GetValueOrDefault(new TaggedKey(kind, path))?.Tags ?? [];

    private static IReadOnlyList<AppliedTag> Unite(params IReadOnlyList<(TagOrigins Origin, IReadOnlyList<string> Tags)> sources) =>
    [
        .. sources
            .SelectMany(source => source.Tags.Select(tag => new AppliedTag(tag, source.Origin)))
            .GroupBy(tag => TagName.Key(tag.Name), StringComparer.Ordinal)
            .Select(same => new AppliedTag(same.First().Name, same.Aggregate(TagOrigins.None, (all, tag) => all | tag.Origins))),
    ];
}
