using System.Text.Json;

namespace HeyGemExport.Api;

internal static class JsonBody
{
    /// <summary>Reads a body; exactly one of the two is null. <paramref name="whenNull"/> and <paramref name="whenTooLarge"/> are details
    /// of the problems for the body <c>null</c> and for one over the route's limit; null for the server's own.</summary>
    public static async Task<(T? Body, IResult? Problem)> ReadAsync<T>(
        HttpRequest request, JsonSerializerOptions options, string whenNull, CancellationToken cancellationToken,
        string? whenTooLarge = null)
        where T : class
    {
        if (!request.HasJsonContentType())
        {
            return (null, ApiProblem.Of(StatusCodes.Status415UnsupportedMediaType, "bad-request", "Send application/json."));
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
        catch (Exception exception) when (exception is JsonException or BadHttpRequestException)
        {
            return (null, ApiProblem.BadRequest(exception.Message));
        }
    }
}
