using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Exports.Downloads;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Exports;

/// <summary>Exports over HTTP. Expected outcomes become statuses and problem details here, and nowhere else.</summary>
internal static class ExportEndpoints
{
    private const int DefaultPageSize = 50;
    private const int MaxPageSize = 1000;

    private const string NoName = "name is missing: say { \"name\": \"…\" }.";

    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    internal static void Map(IEndpointRouteBuilder app)
    {
        var exports = app.MapGroup("/api/v1/exports").WithTags("Exports")
            .WithMetadata(new RequestSizeLimitAttribute(ExportRequestEndpoints.MaxBodyBytes));
        exports.MapGet("/", ListAsync).WithName("ListExports").WithExample(ExportExamples.List)
            .Produces<ExportListResponse>().ProducesProblem(400);
        exports.MapGet("/{id}", FindAsync).WithName("GetExport").WithExample(ExportExamples.Ready)
            .Produces<ExportResponse>().ProducesProblem(404);
        exports.MapGet("/{id}/events", WatchAsync).WithName("WatchExport")
            .Produces(200, contentType: "text/event-stream").ProducesProblem(404);
        exports.MapPut("/{id}/name", RenameAsync).WithName("RenameExport")
            .WithExample(ExportExamples.Ready, new { name = "培训视频" })
            .WithSummary("Names the archive for whoever asks; an empty name names it after its content again.")
            .Accepts<ExportNameBody>("application/json").Produces<ExportResponse>().ProducesProblem(400).ProducesProblem(404);
        exports.MapPost("/{id}/cancel", CancelAsync).WithName("CancelExport")
            .WithExample(ExportExamples.Queued with { State = "cancelled" }, codes: (409, "already-finished"))
            .Produces<ExportResponse>(202).ProducesProblem(404).ProducesProblem(409);

        var operations = app.MapGroup("/api/v1/exports/{id}").WithTags("Exports").RequireAuthorization(Policies.Operator);
        operations.MapPost("/retry", RetryAsync).WithName("RetryExport")
            .WithExample(ExportExamples.Queued, codes: [(409, "not-retryable"), (507, "not-enough-space")])
            .WithSummary("Packs a failed or cancelled export again, with the contract that was confirmed.")
            .Produces<ExportResponse>(202).ProducesProblem(404).ProducesProblem(409).ProducesProblem(507);
        operations.MapDelete("/", DeleteAsync).WithName("DeleteExport").WithExample(codes: (409, "not-deletable"))
            .WithSummary("Deletes the record of an export that failed or was cancelled.")
            .Produces(204).ProducesProblem(404).ProducesProblem(409);
        operations.MapPost("/remove", RemoveAsync).WithName("RemoveArchive")
            .WithExample(ExportExamples.Ready with { State = "expired", DownloadUrl = null }, codes: (409, "archive-in-use"))
            .WithSummary("Removes the archive of a ready export now, unless it is being downloaded.")
            .Produces<ExportResponse>().ProducesProblem(404).ProducesProblem(409);

        Archive(app.MapMethods("/exports/{id}/download", GetAndHead, (string id, HttpContext context, DownloadEndpoint download) =>
            download.HandleAsync(id, number: null, Caller.Of(context), context)), "DownloadArchive");
        Archive(app.MapMethods(
            "/exports/{id}/parts/{number:int}/download",
            GetAndHead,
            (string id, int number, HttpContext context, DownloadEndpoint download) =>
                download.HandleAsync(id, number, Caller.Of(context), context)), "DownloadPart");

        app.MapMethods("/downloads/{**path}", GetAndHead, (string? path, HttpContext context, VideoDownloadEndpoint download) =>
            download.HandleAsync(path, context)).ExcludeFromDescription();

        static void Archive(RouteHandlerBuilder route, string name) => route
            .WithName(name).WithTags("Exports").Produces(200, contentType: "application/zip").Produces(206, contentType: "application/zip")
            .WithExample(codes: [(409, "not-ready"), (410, "expired")]).ProducesProblem(404).ProducesProblem(409).ProducesProblem(410);
    }

    internal static ProblemHttpResult Problem(
        ExportError error, ExportErrorTexts texts, params IEnumerable<KeyValuePair<string, object?>> more) =>
        ApiProblem.Of(
            error.Code switch
            {
                "not-found" => StatusCodes.Status404NotFound,
                "already-finished" or "already-packed" or "not-retryable" or "not-deletable" or "no-archive" or "archive-in-use"
                    or "not-instant" =>
                    StatusCodes.Status409Conflict,
                "drop-local" => StatusCodes.Status403Forbidden,
                "not-enough-space" => StatusCodes.Status507InsufficientStorage,
                "temp-unwritable" or "outputs-unavailable" => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status422UnprocessableEntity,
            },
            error.Code,
            texts.Message(error),
            [
                KeyValuePair.Create<string, object?>("remedy", texts.Remedy(error)),
                KeyValuePair.Create<string, object?>("files", error.Files ?? []),
                .. more,
            ]);

    internal static ExportError? ErrorOf(RetryExportResult result) => result switch
    {
        RetryExportResult.Queued => null,
        RetryExportResult.AlreadyLive(var live) => new ExportError("already-packed", [live.Id]),
        RetryExportResult.NotRetryable => new ExportError("not-retryable"),
        RetryExportResult.Refused(var error) => error,
        _ => new ExportError("not-found"),
    };

    internal static ExportError? ErrorOf(DisposalResult result, string notInState) => result switch
    {
        DisposalResult.Done => null,
        DisposalResult.InUse => new ExportError("archive-in-use"),
        DisposalResult.NotInState => new ExportError(notInState),
        _ => new ExportError("not-found"),
    };

    private static async Task<IResult> ListAsync(
        HttpContext context,
        ExportService exports,
        ExportErrorTexts texts,
        ExportNames names,
        string? page,
        string? pageSize,
        string? q,
        CancellationToken cancellationToken)
    {
        if (!PageNumber.TryRead(page, 1, int.MaxValue, out var number)
            || !PageNumber.TryRead(pageSize, DefaultPageSize, MaxPageSize, out var size))
        {
            return ApiProblem.BadRequest("page begins at 1, pageSize is 1 to 1000.");
        }

        var found = await exports.ListAsync(number, size, q, Caller.Of(context), cancellationToken);
        List<ExportResponse> items = [.. found.Items.Select(export => ExportResponse.Of(export, texts, names))];
        return TypedResults.Ok(new ExportListResponse(items, found.Total, number, size));
    }

    private static async Task<IResult> FindAsync(
        string id, HttpContext context, ExportService exports, ExportErrorTexts texts, ExportNames names,
        CancellationToken cancellationToken) =>
        await exports.FindAsync(id, Caller.Of(context), cancellationToken) is { } export
            ? TypedResults.Ok(ExportResponse.Of(export, texts, names))
            : NotFound(texts);

    private static async Task<IResult> WatchAsync(
        string id,
        HttpContext context,
        ExportService exports,
        ExportErrorTexts texts,
        ExportNames names,
        IHostApplicationLifetime lifetime,
        CancellationToken cancellationToken)
    {
        var caller = Caller.Of(context);
        if (await exports.FindAsync(id, caller, cancellationToken) is null)
        {
            return NotFound(texts);
        }

        var figures = exports.WatchAsync(id, caller, lifetime.ApplicationStopping, cancellationToken);
        return ProgressEvents.Answer(context, figures, export => ExportResponse.Of(export, texts, names));
    }

    private static async Task<IResult> CancelAsync(
        string id, HttpContext context, ExportService exports, ExportErrorTexts texts, ExportNames names,
        CancellationToken cancellationToken)
    {
        var caller = Caller.Of(context);
        var before = await exports.FindAsync(id, caller, cancellationToken);
        return await exports.CancelAsync(id, caller, cancellationToken) switch
        {
            CancelExportResult.Accepted => TypedResults.Accepted(
                $"/api/v1/exports/{id}", ExportResponse.Of((await exports.FindAsync(id, caller, cancellationToken))!, texts, names)),
            CancelExportResult.Left => TypedResults.Accepted(uri: (string?)null, ExportResponse.Of(before!, texts, names)),
            CancelExportResult.AlreadyFinished => Problem(new ExportError("already-finished"), texts),
            _ => NotFound(texts),
        };
    }

    private static async Task<IResult> RenameAsync(
        string id, HttpContext context, ExportService exports, ExportErrorTexts texts, ExportNames names,
        CancellationToken cancellationToken)
    {
        var (body, problem) = await JsonBody.ReadAsync<ExportNameBody>(
            context.Request, ExportJson.Options, NoName, cancellationToken, ExportRequestEndpoints.TooLarge);
        return body is null ? problem!
            : await exports.RenameAsync(id, body.Name, Caller.Of(context), cancellationToken) is { } export
            ? TypedResults.Ok(ExportResponse.Of(export, texts, names))
            : NotFound(texts);
    }

    private static async Task<IResult> RetryAsync(
        string id, HttpContext context, ExportService exports, ExportErrorTexts texts, ExportNames names,
        CancellationToken cancellationToken) =>
        await exports.RetryAsync(id, Caller.Of(context), cancellationToken) switch
        {
            RetryExportResult.Queued(var export) => TypedResults.Accepted($"/api/v1/exports/{id}", ExportResponse.Of(export, texts, names)),
            RetryExportResult.AlreadyLive(var live) and var result =>
                Problem(ErrorOf(result)!, texts, KeyValuePair.Create<string, object?>("exportId", live.Id)),
            var result => Problem(ErrorOf(result)!, texts),
        };

    private static async Task<IResult> DeleteAsync(
        string id, HttpContext context, ExportRemoval removal, ExportErrorTexts texts, CancellationToken cancellationToken) =>
        ErrorOf(await removal.DeleteAsync(id, Caller.Of(context), cancellationToken), "not-deletable") is { } error
            ? Problem(error, texts)
            : TypedResults.NoContent();

    private static async Task<IResult> RemoveAsync(
        string id,
        HttpContext context,
        ExportRemoval removal,
        ExportService exports,
        ExportErrorTexts texts,
        ExportNames names,
        CancellationToken cancellationToken) =>
        ErrorOf(await removal.RemoveArchiveAsync(id, Caller.Of(context), cancellationToken), "no-archive") is { } error
            ? Problem(error, texts)
            : TypedResults.Ok(ExportResponse.Of((await exports.FindAsync(id, cancellationToken))!, texts, names));

    private static ProblemHttpResult NotFound(ExportErrorTexts texts) => Problem(new ExportError("not-found"), texts);

}
