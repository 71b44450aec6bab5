using HeyGemExport.Api;
using HeyGemExport.Media.KeyFrames;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace HeyGemExport.Library.Posters;

internal static class PosterEndpoints
{
    public static void MapPosters(this IEndpointRouteBuilder app) => app
        .MapMethods("/posters/{**path}", [HttpMethods.Get, HttpMethods.Head], SendAsync)
        .ExcludeFromDescription();

    /// <summary>The poster of a video.</summary>
    /// <returns>No content when it has none.</returns>
    public static async Task<IResult> OfAsync(PosterService posters, Video video, CancellationToken cancellationToken)
    {
        try
        {
            return Answer(await posters.FindAsync(video, cancellationToken), PosterService.VersionOf(video));
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

    /// <summary>The poster of a copy of a video.</summary>
    /// <inheritdoc cref="OfAsync(PosterService, Video, CancellationToken)"/>
    public static async Task<IResult> OfAsync(PosterService posters, Stream copy, CancellationToken cancellationToken) =>
        Answer(await posters.FindAsync(copy, cancellationToken), version: null);

    /// <param name="v">The version of the video that the poster is of (<see cref="PosterService.VersionOf"/>).</param>
    private static async Task<IResult> SendAsync(
        string? path, string? v, HttpContext context, LibraryIndex library, PosterService posters, CancellationToken cancellationToken)
    {
        if (library.Current.Find(path ?? "") is not { } video)
        {
            return ApiProblem.Of(StatusCodes.Status404NotFound, "not-found");
        }

        var poster = await OfAsync(posters, video, cancellationToken);
        if (poster is FileContentHttpResult or NoContent)
        {
            var version = PosterService.VersionOf(video);
            var isThisVersion = poster is FileContentHttpResult && string.Equals(v, version, StringComparison.Ordinal);
            context.Response.Headers.CacheControl = isThisVersion ? "private, max-age=31536000, immutable" : "private, no-cache";
        }

        return poster;
    }

    private static IResult Answer(KeyFrame? poster, string? version) => poster is null
        ? TypedResults.NoContent()
        : TypedResults.Bytes(
            poster.Content, poster.ContentType, enableRangeProcessing: true,
            entityTag: version is null ? null : new EntityTagHeaderValue($"\"{version}\""));
}
