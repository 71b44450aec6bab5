using HeyGemExport.Api;
using HeyGemExport.FileSystem;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace HeyGemExport.Library;

internal static class VideoFileEndpoints
{
    public static void MapVideoFiles(this IEndpointRouteBuilder app) => app
        .MapMethods("/videos/{**path}", [HttpMethods.Get, HttpMethods.Head], Send)
        .ExcludeFromDescription();

    private static Results<FileStreamHttpResult, ProblemHttpResult> Send(
        string? path, HttpContext context, OutputsRoot root, VideoExtensions extensions)
    {
        if (string.IsNullOrEmpty(path) || !extensions.MayBeListed(path))
        {
            return ApiProblem.Of(StatusCodes.Status404NotFound, "not-found");
        }

        FileStream file;
        try
        {
            file = root.OpenRead(path);
        }
        catch (FileNotFoundException)
        {
            return ApiProblem.Of(StatusCodes.Status404NotFound, "not-found");
        }
        catch (UnauthorizedAccessException)
        {
            return ApiProblem.Of(StatusCodes.Status403Forbidden, "unreadable");
        }

        // The name decides the type; browsers must not guess another one from the content.
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "private, no-cache";
        var modifiedAt = OutputsRoot.StatusOf(file.SafeFileHandle).ModifiedAt;
        return TypedResults.Stream(
            file,
            VideoTypes.Of(path),
            lastModified: modifiedAt,
            entityTag: TagOf(file.Length, modifiedAt),
            enableRangeProcessing: true);
    }

    internal static EntityTagHeaderValue TagOf(long bytes, DateTimeOffset modifiedAt) =>
        new(FormattableString.Invariant($"\"{bytes:x}-{modifiedAt.UtcTicks:x}\""));
}
