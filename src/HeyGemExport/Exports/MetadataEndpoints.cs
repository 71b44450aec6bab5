using HeyGemExport.Accounts;
using HeyGemExport.Api;
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
            .WithSummary("The metadata of all videos that a filter finds, as CSV. Hashes are known of packed files only and stay empty here.")
            .Produces(200, contentType: "text/csv").ProducesProblem(400);
        videos.MapPost("/metadata.csv", OfSelectionAsync).WithName("GetMetadataOfSelection")
            .WithSummary("The metadata of what a selection would pack now, as CSV. Nothing is packed; hashes stay empty.")
            .Accepts<ExportRequestBody>("application/json").Produces(200, contentType: "text/csv").ProducesProblem(400).ProducesProblem(422);
    }

    private static PushStreamHttpResult Stream(MetadataLines lines, CancellationToken cancellationToken) =>
        TypedResults.Stream(body => lines.WriteAsync(body, cancellationToken), ExportMetadata.MediaType, ExportMetadata.FileName);

    private static IResult OfFilter(
        [FromQuery] string? batch, [FromQuery] string[]? tag, [FromQuery] string? q, [FromQuery] string? state, LibraryIndex library, CancellationToken cancellationToken)
    {
        if (!VideoEndpoints.TryParseName<VideoState>(state, out var only))
        {
            return ApiProblem.BadRequest("state is ready, writing or broken.");
        }

        var query = new VideoQuery(string.IsNullOrEmpty(batch) ? null : batch, [.. (tag ?? []).Where(name => name.Length > 0)], q, only, VideoSort.Name);
        return Stream(ExportMetadata.Of(library.QueryAll(query)), cancellationToken);
    }

    private static async Task<IResult> OfSelectionAsync(HttpContext context, ExportMetadata metadata, ExportErrorTexts texts, CancellationToken cancellationToken)
    {
        var (body, problem) = await ExportEndpoints.ReadAsync(context.Request, cancellationToken);
        if (body is null)
        {
            return problem!;
        }

        var found = await metadata.OfAsync(body.Selection!, body.Options!, Caller.Of(context), cancellationToken);
        return found.Refusal is { } refusal ? ExportEndpoints.Refused(refusal, texts) : Stream(found, cancellationToken);
    }
}
