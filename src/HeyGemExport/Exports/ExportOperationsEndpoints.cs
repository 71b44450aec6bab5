using HeyGemExport.Accounts;
using HeyGemExport.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HeyGemExport.Exports;

/// <summary>What ops do with an export over HTTP: retry, delete, remove its archive.</summary>
internal static class ExportOperationsEndpoints
{
    internal static void Map(IEndpointRouteBuilder app)
    {
        var exports = app.MapGroup("/api/v1/exports/{id}").WithTags("Exports").RequireAuthorization(Policies.Operator);
        exports.MapPost("/retry", RetryAsync).WithName("RetryExport").WithSummary("Packs a failed or cancelled export again, with the contract that was confirmed.")
            .Produces<ExportResponse>(202).ProducesProblem(404).ProducesProblem(409).ProducesProblem(507);
        exports.MapDelete("/", DeleteAsync).WithName("DeleteExport").WithSummary("Deletes the record of an export that failed or was cancelled.")
            .Produces(204).ProducesProblem(404).ProducesProblem(409);
        exports.MapPost("/remove", RemoveAsync).WithName("RemoveArchive").WithSummary("Removes the archive of a ready export now, unless it is being downloaded.")
            .Produces<ExportResponse>().ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> RetryAsync(string id, HttpContext context, ExportService exports, ExportErrorTexts texts, CancellationToken cancellationToken) =>
        await exports.RetryAsync(id, Caller.Of(context), cancellationToken) switch
        {
            RetryExportResult.Queued(var export) => TypedResults.Accepted($"/api/v1/exports/{id}", ExportResponse.Of(export, texts)),
            RetryExportResult.AlreadyLive(var live) => Problem(
                StatusCodes.Status409Conflict, new ExportError("already-packed", [live.Id]), texts, KeyValuePair.Create<string, object?>("exportId", live.Id)),
            RetryExportResult.NotRetryable => Problem(StatusCodes.Status409Conflict, new ExportError("not-retryable"), texts),
            RetryExportResult.Refused(var error) => Problem(
                error.Code is "not-enough-space" ? StatusCodes.Status507InsufficientStorage : StatusCodes.Status503ServiceUnavailable, error, texts),
            _ => Problem(StatusCodes.Status404NotFound, new ExportError("not-found"), texts),
        };

    private static async Task<IResult> DeleteAsync(string id, HttpContext context, ExportRemoval disposal, ExportErrorTexts texts, CancellationToken cancellationToken) =>
        await disposal.DeleteAsync(id, Caller.Of(context), cancellationToken) is var result and not DisposalResult.Done
            ? Refused(result, "not-deletable", texts)
            : TypedResults.NoContent();

    private static async Task<IResult> RemoveAsync(
        string id, HttpContext context, ExportRemoval disposal, ExportService exports, ExportErrorTexts texts, CancellationToken cancellationToken) =>
        await disposal.RemoveArchiveAsync(id, Caller.Of(context), cancellationToken) is var result and not DisposalResult.Done
            ? Refused(result, "no-archive", texts)
            : TypedResults.Ok(ExportResponse.Of((await exports.FindAsync(id, cancellationToken))!, texts));

    private static ProblemHttpResult Refused(DisposalResult result, string notInState, ExportErrorTexts texts) => result switch
    {
        DisposalResult.NotFound => Problem(StatusCodes.Status404NotFound, new ExportError("not-found"), texts),
        DisposalResult.InUse => Problem(StatusCodes.Status409Conflict, new ExportError("archive-in-use"), texts),
        _ => Problem(StatusCodes.Status409Conflict, new ExportError(notInState), texts),
    };

    private static ProblemHttpResult Problem(int status, ExportError error, ExportErrorTexts texts, params IEnumerable<KeyValuePair<string, object?>> more) =>
        ApiProblem.Of(status, error.Code, texts.Message(error), [KeyValuePair.Create<string, object?>("remedy", texts.Remedy(error)), .. more]);
}
