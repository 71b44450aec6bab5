namespace HeyGemExport.Library.Tags;

/// <summary>All tags over one scan: those that people gave and those of the batches' <c>tags.json</c>, united. Immutable.</summary>
/// <param name="present">What people gave tags to, by its name.</param>
/// <param name="files">Each batch's <c>tags.json</c>, by the batch's name.</param>
internal sealed class LibraryTags(IReadOnlyDictionary<TaggedKey, TaggedItem> present, IReadOnlyDictionary<string, TagFile> files)
{
    private readonly Dictionary<string, IReadOnlyList<AppliedTag>> ofBatches = new(StringComparer.Ordinal);

    /// <summary>No tags at all.</summary>
    public static LibraryTags None { get; } = new(new Dictionary<TaggedKey, TaggedItem>(), new Dictionary<string, TagFile>(StringComparer.Ordinal));

    /// <summary>Each batch's <c>tags.json</c>, by the batch's name.</summary>
    public IReadOnlyDictionary<string, TagFile> Files => files;

    /// <summary>Why a batch's <c>tags.json</c> cannot be read; null when it can, or when there is none.</summary>
    public TagFileFault? FaultOf(string batch) => files.TryGetValue(batch, out var file) ? file.Fault : null;

    /// <summary>Tags of a batch.</summary>
    public IReadOnlyList<AppliedTag> OfBatch(string name)
    {
        if (!ofBatches.TryGetValue(name, out var tags))
        {
            tags = Unite(
                (TagOrigins.Batch, TagsOf(TaggedKind.Batch, name)),
                (TagOrigins.File, files.TryGetValue(name, out var file) ? file.Tags : []));
            ofBatches.Add(name, tags);
        }

        return tags;
    }

    /// <summary>The video with its tags and those of its batch.</summary>
    public Video Apply(Video video)
    {
        var batch = OfBatch(video.Batch);
        var own = TagsOf(TaggedKind.Video, video.Path);
        var listed = files.TryGetValue(video.Batch, out var file) ? file.TagsOf(video.Path) : [];
        var tags = own.Count == 0 && listed.Count == 0
            ? batch
            : Unite([(TagOrigins.Video, own), (TagOrigins.File, listed), .. batch.Select(tag => (tag.Origins, (IReadOnlyList<string>)[tag.Name]))]);
        return tags.Count == 0 && video.AppliedTags.Count == 0 ? video : video with { AppliedTags = tags };
    }

    private IReadOnlyList<string> TagsOf(TaggedKind kind, string path) => present.TryGetValue(new TaggedKey(kind, path), out var item) ? item.Tags : [];

    private static IReadOnlyList<AppliedTag> Unite(params IReadOnlyList<(TagOrigins Origin, IReadOnlyList<string> Tags)> sources) =>
    [
        .. sources
            .SelectMany(source => source.Tags.Select(tag => new AppliedTag(tag, source.Origin)))
            .GroupBy(tag => TagName.Key(tag.Name), StringComparer.Ordinal)
            .Select(same => new AppliedTag(same.First().Name, same.Aggregate(TagOrigins.None, (origins, tag) => origins | tag.Origins))),
    ];
}
