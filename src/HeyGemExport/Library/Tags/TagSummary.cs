namespace HeyGemExport.Library.Tags;

/// <param name="Videos">How many videos have it, in any state, themselves or through their batch.</param>
internal sealed record TagSummary(string Name, int Videos, int Ready, long Bytes, int Batches)
{
    /// <summary>By name.</summary>
    internal static IReadOnlyList<TagSummary> Of(IEnumerable<Video> videos, IEnumerable<BatchSummary> batches)
    {
        var ofBatches = batches.SelectMany(batch => batch.Tags)
            .CountBy(tag => TagName.Key(tag.Name), StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);
        return
        [
            .. videos.SelectMany(video => video.Tags.Select(tag => (Name: tag, Video: video)))
                .GroupBy(pair => TagName.Key(pair.Name), StringComparer.Ordinal)
                .OrderBy(same => same.Key, StringComparer.Ordinal)
                .Select(same => new TagSummary(
                    same.First().Name,
                    same.Count(),
                    same.Count(pair => pair.Video.State == VideoState.Ready),
                    same.SumBytes(pair => pair.Video.Bytes),
                    ofBatches.GetValueOrDefault(same.Key))),
        ];
    }
}
