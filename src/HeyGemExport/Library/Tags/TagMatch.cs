namespace HeyGemExport.Library.Tags;

internal sealed class TagMatch(IEnumerable<string> tags)
{
    private readonly HashSet<string> keys = tags.Select(TagName.Key).ToHashSet(StringComparer.Ordinal);

    /// <summary>True when there are none.</summary>
    public bool HasAll(Video video) => keys.Count == 0 || keys.IsSubsetOf(video.Tags.Select(TagName.Key));

    public bool HasAny(Video video) => keys.Count > 0 && keys.Overlaps(video.Tags.Select(TagName.Key));
}
