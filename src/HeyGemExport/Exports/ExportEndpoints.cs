using System.Globalization;
using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Exports.Downloads;
using HeyGemExport.Library;
using HeyGemExport.Library.Tasks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Exports;

/// <summary>Exports over HTTP. Expected outcomes become statuses and problem details here, and nowhere else.</summary>
internal static class ExportEndpoints
{
    private const int DefaultPageSize = 50;
    private const int MaxPageSize = 1000;
    private const int MaxBodyBytes = 1 << 20;
    private const string NoSelection = "selection is missing: say { \"selection\": { \"all\": true } }, or name batches, tags, paths or a query.";

    private static readonly string TooLarge = string.Create(CultureInfo.InvariantCulture, $"The body may have {MaxBodyBytes} bytes. Name batches instead of paths.");

    internal static void Map(IEndpointRouteBuilder app)
    {
        var exports = app.MapGroup("/api/v1/exports").WithTags("Exports").WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes));
        exports.MapPost("/preview", PreviewAsync).WithName("PreviewExport")
            .Accepts<ExportRequestBody>("application/json").Produces<PreviewResponse>().ProducesProblem(400);
        exports.MapPost("/", RequestAsync).WithName("RequestExport")
            .Accepts<ExportRequestBody>("application/json").Produces<ExportResponse>().Produces<ExportResponse>(202)
            .ProducesProblem(400).ProducesProblem(422).ProducesProblem(507);
        exports.MapGet("/", ListAsync).WithName("ListExports").Produces<ExportListResponse>().ProducesProblem(400);
        exports.MapGet("/{id}", FindAsync).WithName("GetExport").Produces<ExportResponse>().ProducesProblem(404);
        exports.MapGet("/{id}/events", WatchAsync).WithName("WatchExport").Produces(200, contentType: "text/event-stream").ProducesProblem(404);
        exports.MapPost("/{id}/cancel", CancelAsync).WithName("CancelExport").Produces<ExportResponse>(202).ProducesProblem(404).ProducesProblem(409);

        app.MapMethods("/exports/{id}/download", [HttpMethods.Get, HttpMethods.Head], (string id, HttpContext context, DownloadEndpoint download) => download.HandleAsync(id, number: null, context))
            .WithName("DownloadArchive").WithTags("Exports").Produces(200, contentType: "application/zip").Produces(206, contentType: "application/zip")
            .ProducesProblem(404).ProducesProblem(409).ProducesProblem(410);
        app.MapMethods("/exports/{id}/parts/{number:int}/download", [HttpMethods.Get, HttpMethods.Head], (string id, int number, HttpContext context, DownloadEndpoint download) => download.HandleAsync(id, number, context))
            .WithName("DownloadPart").WithTags("Exports").Produces(200, contentType: "application/zip").Produces(206, contentType: "application/zip")
            .ProducesProblem(404).ProducesProblem(409).ProducesProblem(410);
    }

    private static async Task<IResult> PreviewAsync(
        HttpContext context, ExportService exports, ExportErrorTexts texts, IStringLocalizer<LibraryTexts> libraryTexts, CancellationToken cancellationToken)
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
            [.. preview.Incomplete.Select(batch => BatchItem.Of(batch, libraryTexts))]));
    }

    private static async Task<IResult> RequestAsync(
        HttpContext context, ExportService exports, IExportUploads delivery, ExportErrorTexts texts, CancellationToken cancellationToken)
    {
        var (body, problem) = await ReadAsync(context.Request, cancellationToken);
        if (body is null)
        {
            return problem!;
        }

        if (body.Deliver is { } choice && delivery.Refuse(choice) is { } wrong)
        {
            return Refused(wrong, texts);
        }

        var result = await exports.RequestAsync(body.Selection!, body.Options!, Caller.Of(context), cancellationToken);
        if (body.Deliver is { } deliver && result.Recorded is { } requested)
        {
            await delivery.SendAsync(requested.Id, deliver, Caller.Of(context), cancellationToken);
        }

        return result switch
        {
            RequestExportResult.Created(var export) => TypedResults.Accepted($"/api/v1/exports/{export.Id}", ExportResponse.Of(export, texts)),
            RequestExportResult.Joined(var export) => Joined(context, export, texts),
            RequestExportResult.Refused(var error) => Refused(error, texts),
            _ => throw new InvalidOperationException("Unknown outcome"),
        };
    }

    private static Ok<ExportResponse> Joined(HttpContext context, Export export, ExportErrorTexts texts)
    {
        context.Response.Headers.Location = $"/api/v1/exports/{export.Id}";
        return TypedResults.Ok(ExportResponse.Of(export, texts));
    }

    internal static ProblemHttpResult Refused(ExportError error, ExportErrorTexts texts)
    {
        var status = error.Code switch
        {
            "not-enough-space" => StatusCodes.Status507InsufficientStorage,
            "temp-unwritable" or "outputs-unavailable" => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status422UnprocessableEntity,
        };
        return ApiProblem.Of(
            status,
            error.Code,
            texts.Message(error),
            KeyValuePair.Create<string, object?>("remedy", texts.Remedy(error)),
            KeyValuePair.Create<string, object?>("files", error.Files ?? []));
    }

    private static async Task<IResult> ListAsync(HttpContext context, ExportService exports, ExportErrorTexts texts, string? page, string? pageSize, CancellationToken cancellationToken)
    {
        if (!PageNumber.TryRead(page, 1, int.MaxValue, out var number) || !PageNumber.TryRead(pageSize, DefaultPageSize, MaxPageSize, out var size))
        {
            return ApiProblem.BadRequest("page begins at 1, pageSize is 1 to 1000.");
        }

        var found = await exports.ListAsync(number, size, Caller.Of(context), cancellationToken);
        return TypedResults.Ok(new ExportListResponse([.. found.Items.Select(export => ExportResponse.Of(export, texts))], found.Total, number, size));
    }

    private static async Task<IResult> FindAsync(string id, HttpContext context, ExportService exports, ExportErrorTexts texts, CancellationToken cancellationToken) =>
        await exports.FindAsync(id, Caller.Of(context), cancellationToken) is { } export ? TypedResults.Ok(ExportResponse.Of(export, texts)) : NotFound(texts);

    private static async Task<IResult> WatchAsync(
        string id, HttpContext context, ExportService exports, ExportErrorTexts texts, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        var caller = Caller.Of(context);
        if (await exports.FindAsync(id, caller, cancellationToken) is null)
        {
            return NotFound(texts);
        }

        var figures = exports.WatchAsync(id, caller, lifetime.ApplicationStopping, cancellationToken);
        return ProgressEvents.Answer(context, figures.Select(export => ExportResponse.Of(export, texts)));
    }

    private static async Task<IResult> CancelAsync(string id, HttpContext context, ExportService exports, ExportErrorTexts texts, CancellationToken cancellationToken)
    {
        var caller = Caller.Of(context);
        var before = await exports.FindAsync(id, caller, cancellationToken);
        return await exports.CancelAsync(id, caller, cancellationToken) switch
        {
            CancelExportResult.Accepted => TypedResults.Accepted($"/api/v1/exports/{id}", ExportResponse.Of((await exports.FindAsync(id, caller, cancellationToken))!, texts)),
            CancelExportResult.Left => TypedResults.Accepted(uri: (string?)null, ExportResponse.Of(before!, texts)),
            CancelExportResult.AlreadyFinished => ApiProblem.Of(StatusCodes.Status409Conflict, "already-finished", texts.Message(new ExportError("already-finished"))),
            _ => NotFound(texts),
        };
    }

    private static ProblemHttpResult NotFound(ExportErrorTexts texts) =>
        ApiProblem.Of(StatusCodes.Status404NotFound, "not-found", texts.Message(new ExportError("not-found")));

    internal static async Task<(ExportRequestBody? Body, IResult? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, problem) = await JsonBody.ReadAsync<ExportRequestBody>(request, ExportJson.Options, NoSelection, cancellationToken, TooLarge);
        if (body is null)
        {
            return (null, problem);
        }

        return Wrong(body) is { } wrong ? (null, ApiProblem.BadRequest(wrong)) : (body with { Options = body.Options ?? new PackOptions() }, null);
    }

    private static string? Wrong(ExportRequestBody body) => body switch
    {
        { Selection: null } => NoSelection,
        { Options.MaxPartBytes: <= 0 } => "options.maxPartBytes must be above 0.",
        { Selection: var selection } when Names(selection).Any(name => name is null) => "selection names nothing with a null.",
        _ => null,
    };

    private static IEnumerable<string?> Names(Selection selection) =>
        [.. selection.Batches ?? [], .. selection.Tags ?? [], .. selection.Paths ?? []];
}
