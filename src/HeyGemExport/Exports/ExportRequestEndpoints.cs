using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Library;
using HeyGemExport.Library.Tasks;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Exports;

/// <summary>Previewing and requesting exports over HTTP.</summary>
internal static class ExportRequestEndpoints
{
    internal const int MaxBodyBytes = 1 << 20;

    /// <summary>Each named path is looked at in the outputs folder.</summary>
    private const int MaxNames = 20_000;

    private const string NoSelection =
        "selection is missing: say { \"selection\": { \"all\": true } }, or name batches, tags, paths or a query.";

    private static readonly string TooMany =
        string.Create(CultureInfo.InvariantCulture, $"A selection may name {MaxNames} videos, batches and tags. Name batches instead.");

    internal static readonly string TooLarge =
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

    private static async Task<IResult> PreviewAsync(
        HttpContext context,
        ExportRequests exports,
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
        HttpContext context, ExportRequests exports, ExportErrorTexts texts, ExportNames names,
        CancellationToken cancellationToken)
    {
        var (body, problem) = await ReadAsync(context.Request, cancellationToken);
        if (body is null)
        {
            return problem!;
        }

        switch (await exports.RequestAsync(body.Selection!, body.Options!, body.Deliver, Caller.Of(context), cancellationToken))
        {
            case RequestExportResult.Created(var export):
                return TypedResults.Accepted($"/api/v1/exports/{export.Id}", ExportResponse.Of(export, texts, names));
            case RequestExportResult.Joined(var export):
                context.Response.Headers.Location = $"/api/v1/exports/{export.Id}";
                return TypedResults.Ok(ExportResponse.Of(export, texts, names));
            case RequestExportResult.Refused(var error):
                return ExportEndpoints.Problem(error, texts);
            default:
                throw new InvalidOperationException("Unknown outcome");
        }
    }

    private static IEnumerable<string?> Names(Selection selection) =>
        [.. selection.Batches ?? [], .. selection.Tags ?? [], .. selection.Paths ?? []];
}
