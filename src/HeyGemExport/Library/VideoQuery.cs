namespace HeyGemExport.Library;

internal enum VideoSort
{
    Newest,
    Oldest,

    Name,
    Largest,
}

/// <summary>A filter over the library. Every part that is set must hold.</summary>
/// <param name="Batch">A batch's name, or <see cref="Video.Ungrouped"/>.</param>
/// <param name="Tags">Tags that the video or its batch carries, all of them, without case; null or none for any.</param>
/// <param name="Text">Words that the path must contain, all of them, without case.</param>
/// <param name="Since">The earliest time of modification.</param>
/// <param name="Before">The first time of modification that is too late.</param>
/// <param name="PageSize">1 to <see cref="MaxPageSize"/>.</param>
internal sealed record VideoQuery(
    string? Batch = null,
    IReadOnlyList<string>? Tags = null,
    string? Text = null,
    VideoState? State = null,
    VideoSort Sort = VideoSort.Newest,
    int Page = 1,
    int PageSize = 50,
    DateTimeOffset? Since = null,
    DateTimeOffset? Before = null)
{
    public const int MaxPageSize = 1000;

    /// <summary>A filter as an address has it: empty values filter nothing.</summary>
    public static VideoQuery Of(string? batch, string[]? tags, string? text, VideoState? state) =>
        new(string.IsNullOrEmpty(batch) ? null : batch, [.. (tags ?? []).Where(tag => tag.Length > 0)], text, state);
}

/// <summary>The totals are those of the whole filter.</summary>
internal sealed record VideoPage(IReadOnlyList<Video> Items, int Total, long TotalBytes, int Page, int PageSize);
