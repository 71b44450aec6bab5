namespace HeyGemExport.Library.Tags;

/// <summary>Finds videos by tags, compared without case.</summary>
internal sealed class TagMatch(IEnumerable<string> tags)
{
    private readonly HashSet<string> keys = tags.Select(TagName.Key).ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether the video has every one of the tags; true when there are none.</summary>
    public bool HasAll(Video video) => keys.Count == 0 || keys.IsSubsetOf(video.Tags.Select(TagName.Key));

    public bool HasAny(Video video) => keys.Count > 0 && keys.Overlaps(video.Tags.Select(TagName.Key));
}
