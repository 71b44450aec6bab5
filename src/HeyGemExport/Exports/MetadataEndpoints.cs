using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Archives;
using HeyGemExport.Library;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Exports;

/// <summary><c>metadata.csv</c> by itself, without packing anything: of a selection, or of a filter over the library.</summary>
internal static class MetadataEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var videos = app.MapGroup("/api/v1/videos").WithTags("Library").RequireAuthorization(Policies.Viewer);
        videos.MapGet("/metadata.csv", OfFilter).WithName("GetMetadata")
            .WithSummary("The metadata of all videos that a filter finds, as CSV. Hashes are known only of packed files and stay empty.")
            .Produces(200, contentType: "text/csv").ProducesProblem(400);
        videos.MapPost("/metadata.csv", OfSelectionAsync).WithName("GetMetadataOfSelection")
            .WithExample(request: ExportExamples.Request, codes: (422, "nothing-selected"))
            .WithSummary("The metadata of what a selection would pack now, as CSV. Nothing is packed; hashes stay empty.")
            .Accepts<ExportRequestBody>("application/json").Produces(200, contentType: "text/csv")
            .ProducesProblem(400).ProducesProblem(422);
    }

    private static PushStreamHttpResult Stream(IReadOnlyList<ContractEntry> entries, CancellationToken cancellationToken) =>
        TypedResults.Stream(
            body => MetadataCsv.WriteAsync(entries, body, cancellationToken), ExportMetadata.MediaType, ExportMetadata.FileName);

    private static IResult OfFilter(
        [FromQuery] string? batch,
        [FromQuery] string[]? tag,
        [FromQuery] string? q,
        [FromQuery] string? state,
        LibraryIndex library,
        CancellationToken cancellationToken) =>
        VideoEndpoints.TryParseName<VideoState>(state, out var only)
            ? Stream(
                ExportMetadata.Of([.. library.QueryAll(VideoQuery.Of(batch, tag, q, only) with { Sort = VideoSort.Name })]),
                cancellationToken)
            : ApiProblem.BadRequest("state is ready, writing or broken.");

    private static async Task<IResult> OfSelectionAsync(
        HttpContext context, ExportMetadata metadata, ExportErrorTexts texts, CancellationToken cancellationToken)
    {
        var (body, problem) = await ExportRequestEndpoints.ReadAsync(context.Request, cancellationToken);
        if (body is null)
        {
            return problem!;
        }

        var (entries, refusal) = await metadata.OfAsync(body.Selection!, body.Options!, Caller.Of(context), cancellationToken);
        return refusal is null ? Stream(entries, cancellationToken) : ExportEndpoints.Problem(refusal, texts);
    }
}
