using System.Text.Json;

namespace HeyGemExport.Api;

/// <summary>Bodies of requests to the API. What cannot be read is answered with a problem that says why.</summary>
internal static class JsonBody
{
    /// <summary>Reads a body; exactly one of the two is null.</summary>
    /// <param name="request">Whose body it is.</param>
    /// <param name="options">How it is written.</param>
    /// <param name="whenNull">What a body without anything in it is answered with.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="whenTooLarge">What a body over the route's limit is answered with; null to say it as the server does.</param>
    public static async Task<(T? Body, IResult? Problem)> ReadAsync<T>(
        HttpRequest request, JsonSerializerOptions options, string whenNull, CancellationToken cancellationToken, string? whenTooLarge = null)
        where T : class
    {
        if (!request.HasJsonContentType())
        {
            return (null, ApiProblem.Of(StatusCodes.Status415UnsupportedMediaType, "bad-request", "Send application/json."));
        }

        try
        {
            return await request.ReadFromJsonAsync<T>(options, cancellationToken) is { } body ? (body, null) : (null, ApiProblem.BadRequest(whenNull));
        }
        catch (BadHttpRequestException exception) when (whenTooLarge is not null && exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, ApiProblem.Of(StatusCodes.Status413PayloadTooLarge, "too-large", whenTooLarge));
        }
        catch (Exception exception) when (exception is JsonException or BadHttpRequestException)
        {
            return (null, ApiProblem.BadRequest(exception.Message));
        }
    }
}
