namespace HeyGemExport.Library.Tags;

/// <summary>Finds videos by tags, compared without case.</summary>
/// <param name="tags">The tags asked for.</param>
internal sealed class TagMatch(IEnumerable<string> tags)
{
    private readonly HashSet<string> keys = tags.Select(TagName.Key).ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether the video has every one of them.</summary>
    public bool HasAll(Video video) => keys.Count == 0 || keys.IsSubsetOf(KeysOf(video));

    /// <summary>Whether the video has at least one of them.</summary>
    public bool HasAny(Video video) => keys.Count > 0 && keys.Overlaps(KeysOf(video));

    private static IEnumerable<string> KeysOf(Video video)
    {
        return video.Tags.Select(TagName.Key);
    }
}
