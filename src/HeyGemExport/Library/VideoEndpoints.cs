using HeyGemExport.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HeyGemExport.Library;

/// <param name="Path">Relative to the outputs folder, with <c>/</c>.</param>
/// <param name="State"><c>ready</c>, <c>writing</c> or <c>broken</c>.</param>
/// <param name="StateReason">Why it is not ready, in the language of the request; null when it is.</param>
/// <param name="StateCode">The same as a stable code.</param>
/// <param name="Notes">What is odd about a ready one, in the language of the request.</param>
internal sealed record VideoItem(
    string Path,
    string Name,
    string Batch,
    long Bytes,
    DateTimeOffset ModifiedAt,
    string State,
    string? StateReason,
    string? StateCode,
    IReadOnlyList<string> Notes,
    IReadOnlyList<string> Tags,
    double? DurationSeconds,
    int? Width,
    int? Height);

/// <param name="Code">Stable; for example <c>outputs-missing</c>.</param>
internal sealed record LibraryIssue(string Code, string Message);

/// <param name="ScannedAt">Null before the first scan.</param>
internal sealed record VideoList(
    IReadOnlyList<VideoItem> Items,
    int Total,
    long TotalBytes,
    int Page,
    int PageSize,
    DateTimeOffset? ScannedAt,
    LibraryIssue? Fault);

internal static class VideoEndpoints
{
    public static void MapVideos(this IEndpointRouteBuilder app) => app
        .MapGet("/api/v1/videos", List)
        .WithName("ListVideos").WithExample(LibraryExamples.Videos)
        .WithTags("Library")
        .WithSummary("One page of the videos in the outputs folder, newest first.")
        .ProducesProblem(StatusCodes.Status400BadRequest);

    // The figures arrive as text, so that a wrong one is answered with a problem that names it.
    private static Results<Ok<VideoList>, ProblemHttpResult> List(
        string? batch,
        string[]? tag,
        string? q,
        string? state,
        string? sort,
        string? page,
        string? pageSize,
        LibraryIndex index,
        IStringLocalizer<LibraryTexts> texts)
    {
        var defaults = new VideoQuery();
        if (!TryParseName<VideoState>(state, out var videoState))
        {
            return ApiProblem.BadRequest(texts["BadRequest.state", state!]);
        }

        if (!TryParseName<VideoSort>(sort, out var videoSort))
        {
            return ApiProblem.BadRequest(texts["BadRequest.sort", sort!]);
        }

        if (!PageNumber.TryRead(page, defaults.Page, int.MaxValue, out var pageNumber))
        {
            return ApiProblem.BadRequest(texts["BadRequest.page", page!]);
        }

        if (!PageNumber.TryRead(pageSize, defaults.PageSize, VideoQuery.MaxPageSize, out var size))
        {
            return ApiProblem.BadRequest(texts["BadRequest.pageSize", VideoQuery.MaxPageSize, pageSize!]);
        }

        var query = VideoQuery.Of(batch, tag, q, videoState) with { Sort = videoSort ?? defaults.Sort, Page = pageNumber, PageSize = size };
        return TypedResults.Ok(Describe(index.Query(query), index.Current, texts));
    }

    private static VideoList Describe(VideoPage page, LibrarySnapshot snapshot, IStringLocalizer<LibraryTexts> texts) => new(
        [.. page.Items.Select(video => Describe(video, texts))],
        page.Total,
        page.TotalBytes,
        page.Page,
        page.PageSize,
        snapshot.ScannedAt,
        snapshot.Fault is { } fault ? new LibraryIssue(fault.Code, texts.Describe(fault)) : null);

    private static VideoItem Describe(Video video, IStringLocalizer<LibraryTexts> texts) => new(
        video.Path,
        video.Name,
        video.Batch,
        video.Bytes,
        video.ModifiedAt,
        video.State.ToString().ToLowerInvariant(),
        video.Fault is { } fault ? texts.Describe(fault) : null,
        video.Fault?.Code,
        [.. video.Notes.Select(texts.Describe)],
        [.. video.Tags],
        video.DurationSeconds,
        video.Width,
        video.Height);

    /// <summary>Null without a text.</summary>
    internal static bool TryParseName<T>(string? text, out T? value)
        where T : struct, Enum
    {
        value = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        // Enum.TryParse would also take numbers and lists.
        if (!char.IsAsciiLetter(text[0])
            || text.Contains(',', StringComparison.Ordinal)
            || !Enum.TryParse(text, ignoreCase: true, out T parsed))
        {
            return false;
        }

        value = parsed;
        return true;
    }
}
