using HeyGemExport.Api;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace HeyGemExport.Library.Posters;

internal static class PosterEndpoints
{
    public static void MapPosters(this IEndpointRouteBuilder app) => app
        .MapMethods("/posters/{**path}", [HttpMethods.Get, HttpMethods.Head], SendAsync)
        .ExcludeFromDescription();

    /// <param name="v">The version of the video that the poster is of (<see cref="PosterService.VersionOf"/>).</param>
    /// <returns>No content when the video has no poster.</returns>
    private static async Task<Results<FileContentHttpResult, NoContent, ProblemHttpResult>> SendAsync(
        string? path, string? v, HttpContext context, LibraryIndex library, PosterService posters, CancellationToken cancellationToken)
    {
        if (library.Current.Find(path ?? "") is not { } video)
        {
            return ApiProblem.Of(StatusCodes.Status404NotFound, "not-found");
        }

        try
        {
            var poster = await posters.FindAsync(video, cancellationToken);
            var version = PosterService.VersionOf(video);
            context.Response.Headers.CacheControl = poster is not null && string.Equals(v, version, StringComparison.Ordinal)
                ? "private, max-age=31536000, immutable"
                : "private, no-cache";
            return poster is null
                ? TypedResults.NoContent()
                : TypedResults.Bytes(
                    poster.Content, poster.ContentType, enableRangeProcessing: true, entityTag: new EntityTagHeaderValue($"\"{version}\""));
        }
        catch (FileNotFoundException)
        {
            return ApiProblem.Of(StatusCodes.Status404NotFound, "not-found");
        }
        catch (UnauthorizedAccessException)
        {
            return ApiProblem.Of(StatusCodes.Status403Forbidden, "unreadable");
        }
    }
}
