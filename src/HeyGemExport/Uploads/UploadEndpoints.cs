using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Exports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HeyGemExport.Uploads;

internal static class UploadEndpoints
{
    public static void MapUploads(this IEndpointRouteBuilder app)
    {
        var exports = app.MapGroup("/api/v1/exports/{id}/deliveries").WithTags("Deliveries").RequireAuthorization(Policies.Viewer);
        exports.MapGet("/", ListAsync).WithName("ListDeliveries").Produces<UploadListResponse>().ProducesProblem(404);
        exports.MapPost("/", RequestAsync).WithName("RequestDelivery").Accepts<UploadRequest>("application/json")
            .Produces<UploadResponse>().Produces<UploadResponse>(202).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);

        var uploads = app.MapGroup("/api/v1/deliveries/{id}").WithTags("Deliveries").RequireAuthorization(Policies.Viewer);
        uploads.MapGet("/", FindAsync).WithName("GetDelivery").Produces<UploadResponse>().ProducesProblem(404);
        uploads.MapGet("/events", WatchAsync).WithName("WatchDelivery").Produces(200, contentType: "text/event-stream").ProducesProblem(404);
        uploads.MapPost("/cancel", CancelAsync).WithName("CancelDelivery").Produces<UploadResponse>(202).ProducesProblem(404).ProducesProblem(409);
        uploads.MapPost("/retry", RetryAsync).WithName("RetryDelivery").Produces<UploadResponse>(202).ProducesProblem(404).ProducesProblem(409);
        uploads.MapPost("/links", LinkAsync).WithName("LinkDelivery").Accepts<LinkRequestBody>("application/json")
            .Produces<ObjectLink>().ProducesProblem(400).ProducesProblem(404);

        var destinations = app.MapGroup("/api/v1/destinations").WithTags("Deliveries");
        destinations.MapGet("/", ListDestinations).WithName("ListDestinations").RequireAuthorization(Policies.Viewer).Produces<DestinationListResponse>();
        destinations.MapPost("/{name}/test", TestAsync).WithName("TestDestination").RequireAuthorization(Policies.Operator).Produces<DestinationTestResponse>().ProducesProblem(404);
    }

    private static async Task<IResult> ListAsync(string id, HttpContext context, UploadService uploads, ExportService exports, UploadErrorTexts texts, CancellationToken cancellationToken) =>
        await exports.FindAsync(id, Caller.Of(context), cancellationToken) is null
            ? NotFound(texts)
            : TypedResults.Ok(new UploadListResponse([.. (await uploads.OfExportAsync(id, cancellationToken)).Select(upload => UploadResponse.Of(upload, texts))]));

    private static async Task<IResult> RequestAsync(string id, HttpContext context, UploadService uploads, UploadErrorTexts texts, CancellationToken cancellationToken)
    {
        var (choice, problem) = await ReadAsync<UploadRequest>(context.Request, cancellationToken);
        if (choice is null)
        {
            return problem!;
        }

        return await uploads.RequestAsync(id, choice, Caller.Of(context), cancellationToken) switch
        {
            RequestUploadResult.Created(var upload) => Accepted(upload, texts),
            RequestUploadResult.Joined(var upload) => TypedResults.Ok(UploadResponse.Of(upload, texts)),
            RequestUploadResult.Refused(var error) => ApiProblem.Of(
                error.Code is "unknown-destination" or "bad-prefix" ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status409Conflict,
                error.Code,
                texts.Message(error),
                KeyValuePair.Create<string, object?>("remedy", texts.Remedy(error))),
            _ => NotFound(texts),
        };
    }

    private static async Task<IResult> FindAsync(string id, HttpContext context, UploadService uploads, UploadErrorTexts texts, CancellationToken cancellationToken) =>
        await uploads.FindAsync(id, Caller.Of(context), cancellationToken) is { } upload ? TypedResults.Ok(UploadResponse.Of(upload, texts)) : NotFound(texts);

    private static async Task<IResult> WatchAsync(
        string id, HttpContext context, UploadService uploads, UploadErrorTexts texts, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        var caller = Caller.Of(context);
        if (await uploads.FindAsync(id, caller, cancellationToken) is null)
        {
            return NotFound(texts);
        }

        var figures = uploads.WatchAsync(id, caller, lifetime.ApplicationStopping, cancellationToken);
        return ProgressEvents.Answer(context, figures.Select(upload => UploadResponse.Of(upload, texts)));
    }

    private static async Task<IResult> CancelAsync(string id, HttpContext context, UploadService uploads, UploadErrorTexts texts, CancellationToken cancellationToken) =>
        await ChangedAsync(id, context, await uploads.CancelAsync(id, Caller.Of(context), cancellationToken), "already-finished", uploads, texts, cancellationToken);

    private static async Task<IResult> RetryAsync(string id, HttpContext context, UploadService uploads, UploadErrorTexts texts, CancellationToken cancellationToken) =>
        await ChangedAsync(id, context, await uploads.RetryAsync(id, Caller.Of(context), cancellationToken), "not-retryable", uploads, texts, cancellationToken);

    private static async Task<IResult> ChangedAsync(
        string id, HttpContext context, ChangeUploadResult result, string notInState, UploadService uploads, UploadErrorTexts texts, CancellationToken cancellationToken) => result switch
        {
            ChangeUploadResult.Done => Accepted((await uploads.FindAsync(id, Caller.Of(context), cancellationToken))!, texts),
            ChangeUploadResult.NotInState => ApiProblem.Of(StatusCodes.Status409Conflict, notInState, texts.Message(new ExportError(notInState))),
            _ => NotFound(texts),
        };

    private static async Task<IResult> LinkAsync(string id, HttpContext context, UploadService uploads, UploadErrorTexts texts, CancellationToken cancellationToken)
    {
        var (body, problem) = await ReadAsync<LinkRequestBody>(context.Request, cancellationToken);
        if (body is null)
        {
            return problem!;
        }

        if (body.Seconds is < UploadService.MinLinkSeconds or > UploadService.MaxLinkSeconds)
        {
            return ApiProblem.BadRequest($"seconds is {UploadService.MinLinkSeconds} to {UploadService.MaxLinkSeconds}.");
        }

        return await uploads.LinkAsync(id, body.Number, body.Seconds, Caller.Of(context), cancellationToken) is { } link
            ? TypedResults.Ok(link)
            : NotFound(texts);
    }

    private static Ok<DestinationListResponse> ListDestinations(Destinations destinations) => TypedResults.Ok(new DestinationListResponse(
        [.. destinations.All.Select(destination => new DestinationResponse(destination.Name, destination.Host, destination.Address, destination.DropLocalAfterDelivery))]));

    private static async Task<IResult> TestAsync(
        string name, HttpContext context, Destinations destinations, DestinationProbe probe, UploadErrorTexts texts, CancellationToken cancellationToken)
    {
        if (destinations.Find(name) is not { } destination)
        {
            return NotFound(texts);
        }

        var error = await probe.TryAsync(destination, Caller.Of(context), cancellationToken);
        return TypedResults.Ok(new DestinationTestResponse(error is null, error is null ? null : texts.Describe(error)));
    }

    private static Accepted<UploadResponse> Accepted(Upload upload, UploadErrorTexts texts) =>
        TypedResults.Accepted($"/api/v1/deliveries/{upload.Id}", UploadResponse.Of(upload, texts));

    private static ProblemHttpResult NotFound(UploadErrorTexts texts) =>
        ApiProblem.Of(StatusCodes.Status404NotFound, "not-found", texts.Message(new ExportError("not-found")));

    private static Task<(T? Body, IResult? Problem)> ReadAsync<T>(HttpRequest request, CancellationToken cancellationToken)
        where T : class => JsonBody.ReadAsync<T>(request, ExportJson.Options, "Send an object.", cancellationToken);
}
