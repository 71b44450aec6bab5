using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace HeyGemExport.Api;

internal static class JsonBody
{
    /// <summary>The most bytes of a body, unless the route allows less: thousands of paths.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Reads a body; exactly one of the two is null. <paramref name="whenNull"/> and <paramref name="whenTooLarge"/> are details
    /// of the problems for the body <c>null</c> and for one over the route's limit; null for the server's own.</summary>
    public static async Task<(T? Body, IResult? Problem)> ReadAsync<T>(
        HttpRequest request, JsonSerializerOptions options, string whenNull, CancellationToken cancellationToken,
        string? whenTooLarge = null)
        where T : class
    {
        if (!request.HasJsonContentType())
        {
            return (null, ApiProblem.Of(StatusCodes.Status415UnsupportedMediaType, "bad-request", "Send application/json in UTF-8."));
        }

        // Before the first byte is read. A chunked body tells no length.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit
            && !(limit.MaxRequestBodySize <= MaxBytes))
        {
            limit.MaxRequestBodySize = MaxBytes;
        }

        try
        {
            return await request.ReadFromJsonAsync<T>(options, cancellationToken) is { } body
                ? (body, null)
                : (null, ApiProblem.BadRequest(whenNull));
        }
        catch (BadHttpRequestException exception)
            when (whenTooLarge is not null && exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, ApiProblem.Of(StatusCodes.Status413PayloadTooLarge, "too-large", whenTooLarge));
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, ApiProblem.Of(StatusCodes.Status413PayloadTooLarge, "too-large", exception.Message));
        }
        catch (Exception exception) when (exception is JsonException or BadHttpRequestException)
        {
            return (null, ApiProblem.BadRequest(exception.Message));
        }
    }
}
