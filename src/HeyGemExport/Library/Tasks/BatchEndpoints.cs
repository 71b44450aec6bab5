using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Library.Tasks;

/// <summary>An expected video that is not there and ready, as the API shows it.</summary>
/// <param name="Name">What the list calls it.</param>
/// <param name="File">Its path in the batch folder, where the list gives one.</param>
/// <param name="State">What the list says: <c>done</c>, <c>rendering</c>, <c>queued</c>, <c>failed</c>, <c>cancelled</c> or <c>other</c>.</param>
/// <param name="VideoState"><c>writing</c> or <c>broken</c> when its video is there all the same; null when it is not.</param>
internal sealed record MissingItem(string Name, string? File, string State, string? VideoState);

/// <summary>Why a batch's task list or its tags cannot be read.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Message">The same in the language of the request.</param>
internal sealed record TaskListFaultItem(string Code, string Message);

/// <summary>A batch as the API shows it.</summary>
/// <param name="Name">The first folder, or <c>.</c>.</param>
/// <param name="Videos">How many videos it holds, in any state.</param>
/// <param name="Ready">How many of them are ready.</param>
/// <param name="Bytes">Bytes of all of them.</param>
/// <param name="ModifiedAt">The newest write time in it.</param>
/// <param name="Expected">How many videos its task list names; null without a list that can be read.</param>
/// <param name="Present">How many of those are there and ready; null likewise.</param>
/// <param name="Unlisted">How many videos it holds that the list does not name; null likewise.</param>
/// <param name="MissingCount">How many expected videos are not there and ready; null likewise.</param>
/// <param name="Missing">The first 1000 of them.</param>
/// <param name="TaskListFault">Why the list cannot be read; null when it can, or when there is none.</param>
/// <param name="Tags">Its tags, which each of its videos has too.</param>
/// <param name="TagFileFault">Why its <c>tags.json</c> cannot be read; null when it can, or when there is none.</param>
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
    TaskListFaultItem? TaskListFault,
    IReadOnlyList<string> Tags,
    TaskListFaultItem? TagFileFault)
{
    internal static BatchItem Of(BatchSummary batch, IStringLocalizer<LibraryTexts> texts)
    {
        var tasks = batch.Tasks?.Fault is null ? batch.Tasks : null;
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
            batch.Tasks?.Fault is { } fault ? new TaskListFaultItem(fault.Code, texts.Describe(fault)) : null,
            [.. batch.Tags.Select(tag => tag.Name)],
            batch.TagFileFault is { } tagFault ? new TaskListFaultItem(tagFault.Code, texts.Describe(tagFault)) : null);
    }

    private static MissingItem Describe(MissingTask missing) =>
        new(missing.Task.Name, missing.Task.File, Lower(missing.Task.State), missing.Video is { } video ? VideoEndpoints.Lower(video) : null);

    private static string Lower(TaskState state) => state switch
    {
        TaskState.Done => "done",
        TaskState.Rendering => "rendering",
        TaskState.Queued => "queued",
        TaskState.Failed => "failed",
        TaskState.Cancelled => "cancelled",
        _ => "other",
    };
}

/// <summary>All batches as the API shows them.</summary>
/// <param name="Items">Newest first.</param>
internal sealed record BatchList(IReadOnlyList<BatchItem> Items);

/// <summary>Batches over HTTP.</summary>
internal static class BatchEndpoints
{
    public static void MapBatches(this IEndpointRouteBuilder app) => app
        .MapGet("/api/v1/batches", List)
        .WithName("ListBatches")
        .WithTags("Library")
        .WithSummary("All batches, newest first, with what their task lists expect and what is missing.");

    private static Ok<BatchList> List(LibraryIndex index, IStringLocalizer<LibraryTexts> texts) =>
        TypedResults.Ok(new BatchList([.. index.Current.Batches.Select(batch => BatchItem.Of(batch, texts))]));
}
