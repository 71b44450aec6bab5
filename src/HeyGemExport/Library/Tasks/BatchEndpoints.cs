using HeyGemExport.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HeyGemExport.Library.Tasks;

/// <param name="File">Its path in the batch folder, where the list gives one.</param>
/// <param name="State"><c>done</c>, <c>rendering</c>, <c>queued</c>, <c>failed</c>, <c>cancelled</c> or <c>other</c>.</param>
/// <param name="VideoState"><c>writing</c> or <c>broken</c> when its video is there all the same; null when it is not.</param>
internal sealed record MissingItem(string Name, string? File, string State, string? VideoState);

/// <param name="Expected">How many videos its task list names; null without a list that can be read.</param>
/// <param name="MissingCount">How many expected videos are not there and ready; null likewise.</param>
/// <param name="Missing">The first 1000 of them.</param>
internal sealed record BatchItem(
    string Name,
    int Videos,
    int Ready,
    long Bytes,
    DateTimeOffset ModifiedAt,
    int? Expected,
    int? Present,
    int? Unlisted,
    int? MissingCount,
    IReadOnlyList<MissingItem> Missing,
    LibraryIssue? TaskListFault,
    IReadOnlyList<string> Tags,
    LibraryIssue? TagFileFault)
{
    internal static BatchItem Of(BatchSummary batch, IStringLocalizer<LibraryTexts> texts)
    {
        var tasks = batch.Tasks?.Issue is null ? batch.Tasks : null;
        return new BatchItem(
            batch.Name,
            batch.Videos,
            batch.Ready,
            batch.Bytes,
            batch.ModifiedAt,
            tasks?.Expected,
            tasks?.Present,
            tasks?.Unlisted,
            tasks?.MissingCount,
            [.. (tasks?.Missing ?? []).Select(Describe)],
            batch.Tasks?.Issue is { } issue ? new LibraryIssue(issue.Code, texts.DescribeTaskList(issue)) : null,
            [.. batch.Tags.Select(tag => tag.Name)],
            batch.TagFileIssue is { } tagIssue ? new LibraryIssue(tagIssue.Code, texts.DescribeTagFile(tagIssue)) : null);
    }

    private static MissingItem Describe(MissingTask missing) => new(
        missing.Task.Name,
        missing.Task.File,
        missing.Task.State.ToString().ToLowerInvariant(),
        missing.Video?.ToString().ToLowerInvariant());
}

internal sealed record BatchList(IReadOnlyList<BatchItem> Items);

internal static class BatchEndpoints
{
    public static void MapBatches(this IEndpointRouteBuilder app) => app
        .MapGet("/api/v1/batches", List)
        .WithName("ListBatches").WithExample(LibraryExamples.Batches)
        .WithTags("Library")
        .WithSummary("All batches, newest first, with what their task lists expect and what is missing.");

    private static Ok<BatchList> List(LibraryIndex index, IStringLocalizer<LibraryTexts> texts) =>
        TypedResults.Ok(new BatchList([.. index.Current.Batches.Select(batch => BatchItem.Of(batch, texts))]));
}
