using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Exports;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Uploads;

internal static class UploadEndpoints
{
    /// <summary>What a request about an export or an upload is answered with.</summary>
    public sealed record Call(
        [FromRoute(Name = "id")] string Id, HttpContext Context, UploadService Uploads, UploadErrorTexts Texts,
        CancellationToken Cancellation)
    {
        public Caller Caller => Caller.Of(Context);

        public Task<Upload?> FindAsync() => Uploads.FindAsync(Id, Caller, Cancellation);

        public UploadResponse Show(Upload upload) => UploadResponse.Of(upload, Texts);

        public IResult Accepted(Upload upload) => TypedResults.Accepted($"/api/v1/deliveries/{upload.Id}", Show(upload));

        public IResult NotFound() => UploadEndpoints.NotFound(Texts);
    }

    public static void MapUploads(this IEndpointRouteBuilder app)
    {
        var exports = app.MapGroup("/api/v1/exports/{id}/deliveries").WithTags("Deliveries").RequireAuthorization(Policies.Viewer);
        exports.MapGet("/", ListAsync).WithName("ListDeliveries")
            .WithExample(new UploadListResponse([UploadExamples.Ready])).Produces<UploadListResponse>().ProducesProblem(404);
        exports.MapPost("/", RequestAsync).WithName("RequestDelivery")
            .WithExample(UploadExamples.Queued, UploadExamples.Request, (409, "not-ready"), (422, "unknown-destination"))
            .Accepts<UploadRequest>("application/json")
            .Produces<UploadResponse>().Produces<UploadResponse>(202)
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);

        var uploads = app.MapGroup("/api/v1/deliveries/{id}").WithTags("Deliveries").RequireAuthorization(Policies.Viewer);
        uploads.MapGet("/", FindAsync).WithName("GetDelivery")
            .WithExample(UploadExamples.Ready).Produces<UploadResponse>().ProducesProblem(404);
        uploads.MapGet("/events", WatchAsync).WithName("WatchDelivery")
            .Produces(200, contentType: "text/event-stream").ProducesProblem(404);
        uploads.MapPost("/cancel", CancelAsync).WithName("CancelDelivery")
            .WithExample(UploadExamples.Queued with { State = "cancelled" }, codes: (409, "already-finished"))
            .Produces<UploadResponse>(202).ProducesProblem(404).ProducesProblem(409);
        uploads.MapPost("/retry", RetryAsync).WithName("RetryDelivery").WithExample(UploadExamples.Queued, codes: (409, "not-retryable"))
            .Produces<UploadResponse>(202).ProducesProblem(404).ProducesProblem(409);
        uploads.MapPost("/links", LinkAsync).WithName("LinkDelivery")
            .WithExample(UploadExamples.Link, UploadExamples.LinkRequest).Accepts<LinkRequestBody>("application/json")
            .Produces<ObjectLink>().ProducesProblem(400).ProducesProblem(404);

        var destinations = app.MapGroup("/api/v1/destinations").WithTags("Deliveries");
        destinations.MapGet("/", ListDestinations).WithName("ListDestinations")
            .WithExample(UploadExamples.Destinations).RequireAuthorization(Policies.Viewer);
        destinations.MapPost("/{name}/test", TestAsync).WithName("TestDestination")
            .WithExample(new DestinationTestResponse(Ok: true, Error: null)).RequireAuthorization(Policies.Operator)
            .Produces<DestinationTestResponse>().ProducesProblem(404);
    }

    private static async Task<IResult> ListAsync([AsParameters] Call call, ExportService exports) =>
        await exports.FindAsync(call.Id, call.Caller, call.Cancellation) is null
            ? call.NotFound()
            : TypedResults.Ok(new UploadListResponse(
                [.. (await call.Uploads.OfExportAsync(call.Id, call.Caller, call.Cancellation)).Select(call.Show)]));

    private static async Task<IResult> RequestAsync([AsParameters] Call call)
    {
        var (choice, problem) = await ReadAsync<UploadRequest>(call);
        return choice is null ? problem! : await call.Uploads.RequestAsync(call.Id, choice, call.Caller, call.Cancellation) switch
        {
            RequestUploadResult.Created(var upload) => call.Accepted(upload),
            RequestUploadResult.Joined(var upload) => TypedResults.Ok(call.Show(upload)),
            RequestUploadResult.Refused(var error) => ApiProblem.Of(
                StatusOf(error),
                error.Code,
                call.Texts.Message(error),
                KeyValuePair.Create<string, object?>("remedy", call.Texts.Remedy(error))),
            _ => call.NotFound(),
        };
    }

    private static async Task<IResult> FindAsync([AsParameters] Call call) =>
        await call.FindAsync() is { } upload ? TypedResults.Ok(call.Show(upload)) : call.NotFound();

    private static async Task<IResult> WatchAsync([AsParameters] Call call, IHostApplicationLifetime lifetime)
    {
        if (await call.FindAsync() is null)
        {
            return call.NotFound();
        }

        var figures = call.Uploads.WatchAsync(call.Id, call.Caller, lifetime.ApplicationStopping, call.Cancellation);
        return ProgressEvents.Answer(call.Context, figures, call.Show);
    }

    private static async Task<IResult> CancelAsync([AsParameters] Call call) =>
        await ChangedAsync(call, () => call.Uploads.CancelAsync(call.Id, call.Caller, call.Cancellation), "already-finished");

    private static async Task<IResult> RetryAsync([AsParameters] Call call) =>
        await ChangedAsync(call, () => call.Uploads.RetryAsync(call.Id, call.Caller, call.Cancellation), "not-retryable");

    private static async Task<IResult> ChangedAsync(Call call, Func<Task<ChangeUploadResult>> change, string notInState)
    {
        var before = await call.FindAsync();
        return await change() switch
        {
            // Whoever has left an upload of several no longer finds it.
            ChangeUploadResult.Done => call.Accepted(await call.FindAsync() ?? before!),
            ChangeUploadResult.NotInState => ApiProblem.Of(
                StatusCodes.Status409Conflict, notInState, call.Texts.Message(new ExportError(notInState))),
            _ => call.NotFound(),
        };
    }

    private static int StatusOf(ExportError error) => error.Code switch
    {
        "unknown-destination" or "bad-prefix" => StatusCodes.Status422UnprocessableEntity,
        "drop-local" => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status409Conflict,
    };

    private static async Task<IResult> LinkAsync([AsParameters] Call call)
    {
        var (body, problem) = await ReadAsync<LinkRequestBody>(call);
        if (body is null)
        {
            return problem!;
        }

        if (body.Seconds is < UploadService.MinLinkSeconds or > UploadService.MaxLinkSeconds)
        {
            return ApiProblem.BadRequest($"seconds is {UploadService.MinLinkSeconds} to {UploadService.MaxLinkSeconds}.");
        }

        return await call.Uploads.LinkAsync(call.Id, body.Number, body.Seconds, call.Caller, call.Cancellation) is { } link
            ? TypedResults.Ok(link)
            : call.NotFound();
    }

    private static Ok<DestinationListResponse> ListDestinations(Destinations destinations) =>
        TypedResults.Ok(new DestinationListResponse([.. destinations.All.Select(destination =>
            new DestinationResponse(destination.Name, destination.Host, destination.Address, destination.DropLocalAfterDelivery))]));

    private static async Task<IResult> TestAsync(
        string name, HttpContext context, Destinations destinations, DestinationProbe probe, UploadErrorTexts texts,
        CancellationToken cancellationToken)
    {
        if (destinations.Find(name) is not { } destination)
        {
            return NotFound(texts);
        }

        var error = await probe.TryAsync(destination, Caller.Of(context), cancellationToken);
        return TypedResults.Ok(new DestinationTestResponse(error is null, error is null ? null : texts.Describe(error)));
    }

    private static ProblemHttpResult NotFound(UploadErrorTexts texts) =>
        ApiProblem.Of(StatusCodes.Status404NotFound, "not-found", texts.Message(new ExportError("not-found")));

    private static Task<(T? Body, IResult? Problem)> ReadAsync<T>(Call call)
        where T : class => JsonBody.ReadAsync<T>(call.Context.Request, ExportJson.Options, "Send an object.", call.Cancellation);
}
