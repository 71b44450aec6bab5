using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Exports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HeyGemExport.Uploads;

/// <summary>Deliveries and destinations over HTTP.</summary>
internal static class UploadEndpoints
{
    internal static void Map(IEndpointRouteBuilder app)
    {
        var exports = app.MapGroup("/api/v1/exports/{id}/deliveries").WithTags("Deliveries").RequireAuthorization(Policies.Viewer);
        exports.MapGet("/", ListAsync).WithName("ListDeliveries").Produces<UploadListResponse>().ProducesProblem(404);
        exports.MapPost("/", RequestAsync).WithName("RequestDelivery").Accepts<UploadRequest>("application/json")
            .Produces<UploadResponse>().Produces<UploadResponse>(202).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);

        var deliveries = app.MapGroup("/api/v1/deliveries/{id}").WithTags("Deliveries").RequireAuthorization(Policies.Viewer);
        deliveries.MapGet("/", FindAsync).WithName("GetDelivery").Produces<UploadResponse>().ProducesProblem(404);
        deliveries.MapGet("/events", WatchAsync).WithName("WatchDelivery").Produces(200, contentType: "text/event-stream").ProducesProblem(404);
        deliveries.MapPost("/cancel", CancelAsync).WithName("CancelDelivery").Produces<UploadResponse>(202).ProducesProblem(404).ProducesProblem(409);
        deliveries.MapPost("/retry", RetryAsync).WithName("RetryDelivery").Produces<UploadResponse>(202).ProducesProblem(404).ProducesProblem(409);
        deliveries.MapPost("/links", LinkAsync).WithName("LinkDelivery").Accepts<LinkRequestBody>("application/json")
            .Produces<ObjectLink>().ProducesProblem(400).ProducesProblem(404);

        var destinations = app.MapGroup("/api/v1/destinations").WithTags("Deliveries");
        destinations.MapGet("/", ListDestinations).WithName("ListDestinations").RequireAuthorization(Policies.Viewer).Produces<DestinationListResponse>();
        destinations.MapPost("/{name}/test", TestAsync).WithName("TestDestination").RequireAuthorization(Policies.Operator).Produces<DestinationTestResponse>().ProducesProblem(404);
    }

    private static async Task<IResult> ListAsync(string id, HttpContext context, UploadService deliveries, ExportService exports, UploadErrorTexts texts, CancellationToken cancellationToken) =>
        await exports.FindAsync(id, Caller.Of(context), cancellationToken) is null
            ? NotFound(texts)
            : TypedResults.Ok(new UploadListResponse([.. (await deliveries.OfExportAsync(id, cancellationToken)).Select(delivery => UploadResponse.Of(delivery, texts))]));

    private static async Task<IResult> RequestAsync(string id, HttpContext context, UploadService deliveries, UploadErrorTexts texts, CancellationToken cancellationToken)
    {
        var (choice, problem) = await ReadAsync<UploadRequest>(context.Request, cancellationToken);
        if (choice is null)
        {
            return problem!;
        }

        return await deliveries.RequestAsync(id, choice, Caller.Of(context), cancellationToken) switch
        {
            RequestDeliveryResult.Created(var delivery) => Accepted(delivery, texts),
            RequestDeliveryResult.Joined(var delivery) => TypedResults.Ok(UploadResponse.Of(delivery, texts)),
            RequestDeliveryResult.Refused(var error) => ApiProblem.Of(
                error.Code is "unknown-destination" or "bad-prefix" ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status409Conflict,
                error.Code,
                texts.Message(error),
                KeyValuePair.Create<string, object?>("remedy", texts.Remedy(error))),
            _ => NotFound(texts),
        };
    }

    private static async Task<IResult> FindAsync(string id, HttpContext context, UploadService deliveries, UploadErrorTexts texts, CancellationToken cancellationToken) =>
        await deliveries.FindAsync(id, Caller.Of(context), cancellationToken) is { } delivery ? TypedResults.Ok(UploadResponse.Of(delivery, texts)) : NotFound(texts);

    private static async Task<IResult> WatchAsync(
        string id, HttpContext context, UploadService deliveries, UploadErrorTexts texts, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        var caller = Caller.Of(context);
        if (await deliveries.FindAsync(id, caller, cancellationToken) is null)
        {
            return NotFound(texts);
        }

        var figures = deliveries.WatchAsync(id, caller, lifetime.ApplicationStopping, cancellationToken);
        return ProgressEvents.Answer(context, figures.Select(delivery => UploadResponse.Of(delivery, texts)));
    }

    private static async Task<IResult> CancelAsync(string id, HttpContext context, UploadService deliveries, UploadErrorTexts texts, CancellationToken cancellationToken) =>
        await ChangedAsync(id, context, await deliveries.CancelAsync(id, Caller.Of(context), cancellationToken), "already-finished", deliveries, texts, cancellationToken);

    private static async Task<IResult> RetryAsync(string id, HttpContext context, UploadService deliveries, UploadErrorTexts texts, CancellationToken cancellationToken) =>
        await ChangedAsync(id, context, await deliveries.RetryAsync(id, Caller.Of(context), cancellationToken), "not-retryable", deliveries, texts, cancellationToken);

    private static async Task<IResult> ChangedAsync(
        string id, HttpContext context, ChangeDeliveryResult result, string notInState, UploadService deliveries, UploadErrorTexts texts, CancellationToken cancellationToken) => result switch
        {
            ChangeDeliveryResult.Done => Accepted((await deliveries.FindAsync(id, Caller.Of(context), cancellationToken))!, texts),
            ChangeDeliveryResult.NotInState => ApiProblem.Of(StatusCodes.Status409Conflict, notInState, texts.Message(new ExportError(notInState))),
            _ => NotFound(texts),
        };

    private static async Task<IResult> LinkAsync(string id, HttpContext context, UploadService deliveries, UploadErrorTexts texts, CancellationToken cancellationToken)
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

        return await deliveries.LinkAsync(id, body.Number, body.Seconds, Caller.Of(context), cancellationToken) is { } link
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

    private static Accepted<UploadResponse> Accepted(Upload delivery, UploadErrorTexts texts) =>
        TypedResults.Accepted($"/api/v1/deliveries/{delivery.Id}", UploadResponse.Of(delivery, texts));

    private static ProblemHttpResult NotFound(UploadErrorTexts texts) =>
        ApiProblem.Of(StatusCodes.Status404NotFound, "not-found", texts.Message(new ExportError("not-found")));

    private static Task<(T? Body, IResult? Problem)> ReadAsync<T>(HttpRequest request, CancellationToken cancellationToken)
        where T : class => JsonBody.ReadAsync<T>(request, ExportJson.Options, "Send an object.", cancellationToken);
}
