namespace HeyGemExport.Library;

/// <summary>What to sort the library by.</summary>
internal enum VideoSort
{
    /// <summary>Newest first.</summary>
    Newest,

    /// <summary>Oldest first.</summary>
    Oldest,

    /// <summary>By path.</summary>
    Name,

    /// <summary>Largest first.</summary>
    Largest,
}

/// <summary>A filter over the library. Every part that is set must hold.</summary>
/// <param name="Batch">A batch's name, or <see cref="Video.Ungrouped"/>.</param>
/// <param name="Tags">Tags that the video or its batch carries, all of them, without case; null or none for any.</param>
/// <param name="Text">Words that the path must contain, all of them, without case.</param>
/// <param name="State">The state.</param>
/// <param name="Sort">The order.</param>
/// <param name="Page">From 1.</param>
/// <param name="PageSize">1 to <see cref="MaxPageSize"/>.</param>
internal sealed record VideoQuery(
    string? Batch = null,
    IReadOnlyList<string>? Tags = null,
    string? Text = null,
    VideoState? State = null,
    VideoSort Sort = VideoSort.Newest,
    int Page = 1,
    int PageSize = 50)
{
    /// <summary>The largest page that is served.</summary>
    public const int MaxPageSize = 1000;
}

/// <summary>One page of a filtered library, with the figures of the whole filter.</summary>
/// <param name="Items">The videos of this page.</param>
/// <param name="Total">How many videos match.</param>
/// <param name="TotalBytes">Bytes of all that match.</param>
/// <param name="Page">From 1.</param>
/// <param name="PageSize">Videos a page.</param>
internal sealed record VideoPage(IReadOnlyList<Video> Items, int Total, long TotalBytes, int Page, int PageSize);
