using Microsoft.AspNetCore.Http.HttpResults;

namespace HeyGemExport.Api;

/// <summary>Errors of the API: <c>application/problem+json</c> (RFC 9457) with a stable <c>code</c>.</summary>
internal static class ApiProblem
{
    public static ProblemHttpResult Of(
        int status, string code, string? detail = null, params IEnumerable<KeyValuePair<string, object?>> more) =>
        TypedResults.Problem(detail, statusCode: status, extensions: [KeyValuePair.Create<string, object?>("code", code), .. more]);

    public static ProblemHttpResult BadRequest(string detail) => Of(StatusCodes.Status400BadRequest, "bad-request", detail);
}
