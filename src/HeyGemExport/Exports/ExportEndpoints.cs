using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Exports.Downloads;
using HeyGemExport.Library;
using HeyGemExport.Library.Tasks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Exports;

/// <summary>Exports over HTTP. Expected outcomes become statuses and problem details here, and nowhere else.</summary>
internal static class ExportEndpoints
{
    private const int DefaultPageSize = 50;
    private const int MaxPageSize = 1000;
    private const int MaxBodyBytes = 1 << 20;

    /// <summary>Each named path is looked at in the outputs folder.</summary>
    private const int MaxNames = 20_000;

    private const string NoSelection =
        "selection is missing: say { \"selection\": { \"all\": true } }, or name batches, tags, paths or a query.";

    private const string NoName = "name is missing: say { \"name\": \"…\" }.";

    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    private static readonly string TooMany =
        string.Create(CultureInfo.InvariantCulture, $"A selection may name {MaxNames} videos, batches and tags. Name batches instead.");

    private static readonly string TooLarge =
        string.Create(CultureInfo.InvariantCulture, $"The body may have {MaxBodyBytes} bytes. Name batches instead of paths.");

    internal static void Map(IEndpointRouteBuilder app)
    {
        var exports = app.MapGroup("/api/v1/exports").WithTags("Exports").WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes));
        exports.MapPost("/preview", PreviewAsync).WithName("PreviewExport").WithExample(ExportExamples.Preview, ExportExamples.Request)
            .Accepts<ExportRequestBody>("application/json").Produces<PreviewResponse>().ProducesProblem(400);
        exports.MapPost("/", RequestAsync).WithName("RequestExport")
            .WithExample(ExportExamples.Queued, ExportExamples.Request, (422, "nothing-selected"), (507, "not-enough-space"))
            .Accepts<ExportRequestBody>("application/json").Produces<ExportResponse>().Produces<ExportResponse>(202)
            .ProducesProblem(400).ProducesProblem(422).ProducesProblem(507);
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

    /// <summary>Reads the body of a request to preview or to pack. A body without a problem has a selection and options.</summary>
    internal static async Task<(ExportRequestBody? Body, IResult? Problem)> ReadAsync(
        HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, problem) = await JsonBody.ReadAsync<ExportRequestBody>(
            request, ExportJson.Options, NoSelection, cancellationToken, TooLarge);
        return body switch
        {
            null => (null, problem),
            { Selection: null } => (null, ApiProblem.BadRequest(NoSelection)),
            { Options.MaxPartBytes: <= 0 } => (null, ApiProblem.BadRequest("options.maxPartBytes must be above 0.")),
            { Selection: var selection } when Names(selection).Any(name => name is null) =>
                (null, ApiProblem.BadRequest("selection names nothing with a null.")),
            { Selection: var selection } when Names(selection).Count() > MaxNames =>
                (null, ApiProblem.Of(StatusCodes.Status413PayloadTooLarge, "too-large", TooMany)),
            _ => (body with { Options = body.Options ?? new PackOptions() }, null),
        };
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

    private static async Task<IResult> PreviewAsync(
        HttpContext context,
        ExportService exports,
        ExportErrorTexts texts,
        IStringLocalizer<LibraryTexts> libraryTexts,
        CancellationToken cancellationToken)
    {
        var (body, problem) = await ReadAsync(context.Request, cancellationToken);
        if (body is null)
        {
            return problem!;
        }

        var preview = await exports.PreviewAsync(body.Selection!, body.Options!, Caller.Of(context), cancellationToken);
        return TypedResults.Ok(new PreviewResponse(
            preview.FileCount,
            preview.TotalBytes,
            preview.LeftOut,
            preview.RequiredTempBytes,
            preview.FreeTempBytes,
            preview.EstimatedSeconds,
            preview.Renamed,
            preview.PartCount,
            preview.Refusal is null ? null : ErrorResponse.Of(preview.Refusal, texts),
            [.. preview.Incomplete.Select(batch => BatchItem.Of(batch, libraryTexts))],
            preview.CanBeInstant));
    }

    private static async Task<IResult> RequestAsync(
        HttpContext context, ExportService exports, IExportUploads uploads, ExportErrorTexts texts, ExportNames names,
        CancellationToken cancellationToken)
    {
        var (body, problem) = await ReadAsync(context.Request, cancellationToken);
        if (body is null)
        {
            return problem!;
        }

        switch (await exports.RequestAsync(body.Selection!, body.Options!, body.Deliver, uploads, Caller.Of(context), cancellationToken))
        {
            case RequestExportResult.Created(var export):
                return TypedResults.Accepted($"/api/v1/exports/{export.Id}", ExportResponse.Of(export, texts, names));
            case RequestExportResult.Joined(var export):
                context.Response.Headers.Location = $"/api/v1/exports/{export.Id}";
                return TypedResults.Ok(ExportResponse.Of(export, texts, names));
            case RequestExportResult.Refused(var error):
                return Problem(error, texts);
            default:
                throw new InvalidOperationException("Unknown outcome");
        }
    }

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
        return ProgressEvents.Answer(context, figures.Select(export => ExportResponse.Of(export, texts, names)));
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
            context.Request, ExportJson.Options, NoName, cancellationToken, TooLarge);
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

    private static IEnumerable<string?> Names(Selection selection) =>
        [.. selection.Batches ?? [], .. selection.Tags ?? [], .. selection.Paths ?? []];
}
