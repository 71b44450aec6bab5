using System.Text.Json;
using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Shares;

internal static class ShareEndpoints
{
    public const string Path = LoggedPath.Shares;

    private const int MaxBodyBytes = 16 << 10;

    /// <summary>A link in the API. <c>State</c> is <c>live</c>, <c>usedUp</c>, <c>expired</c> or <c>revoked</c>; <c>MaxDownloads</c> and
    /// <c>Downloads</c> count for each archive; <c>Url</c> is only in the answer that created it.</summary>
    public sealed record ShareResponse(
        string Id, string ExportId, string State, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
        bool HasPassword, int? MaxDownloads, int Downloads, DateTimeOffset? LastUsedAt, string? Url,
        string? Title = null, string? Sender = null);

    public sealed record ShareListResponse(IReadOnlyList<ShareResponse> Items);

    public static string AddressOf(string token, HttpRequest request, HttpOptions http)
    {
        var path = $"{Path}/{token}";
        return http.PublicAddress(path) ?? $"{request.Scheme}://{request.Host}{request.PathBase}{path}";
    }

    public static ShareResponse Describe(ShareLink link, DateTimeOffset now) => new(
        link.Id, link.ExportId, JsonNamingPolicy.CamelCase.ConvertName($"{link.StateAt(now)}"),
        link.CreatedBy, link.CreatedAt, link.ExpiresAt,
        link.PasswordHash is not null, link.MaxDownloads, link.Downloads, link.LastUsedAt, Url: null, link.Title, link.Sender);

    /// <summary>From search engines, other sites and caches.</summary>
    public static void Hide(HttpResponse response)
    {
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        response.Headers.CacheControl = "no-store";
    }

    public static void MapShares(this IEndpointRouteBuilder app)
    {
        var shares = app.MapGroup("/api/v1/exports/{id}/shares").WithTags("Shares")
            .WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes)).RequireAuthorization(Policies.Viewer);
        shares.MapPost("/", CreateAsync).WithName("ShareExport")
            .WithExample(ShareExamples.Created, ShareExamples.Request, (409, "not-ready"), (422, "bad-days"))
            .WithSummary("Makes a link for people without an account to a ready export; its address is in this answer only.")
            .Accepts<ShareRequest>("application/json").Produces<ShareResponse>(201)
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        shares.MapGet("/", ListAsync).WithName("ListShares")
            .WithExample(new ShareListResponse([ShareExamples.Listed])).Produces<ShareListResponse>().ProducesProblem(404);
        shares.MapDelete("/{shareId}", RevokeAsync).WithName("RevokeShare").Produces(204).ProducesProblem(404);

        string[] reading = [HttpMethods.Get, HttpMethods.Head];
        var downloads = app.MapGroup(Path + "/{token}").ExcludeFromDescription().AllowAnonymous();
        Delegate one = (string token, HttpContext context, ShareDownloadEndpoint endpoint) =>
            endpoint.DownloadAsync(token, number: null, context);
        Delegate part = (string token, int number, HttpContext context, ShareDownloadEndpoint endpoint) =>
            endpoint.DownloadAsync(token, number, context);
        downloads.MapMethods("/download", reading, one);
        downloads.MapMethods("/parts/{number:int}/download", reading, part);
        Delegate file = (string token, int number, HttpContext context, ShareDownloadEndpoint endpoint) =>
            endpoint.DownloadFileAsync(token, number, context);
        Delegate poster = (string token, int number, HttpContext context, ShareDownloadEndpoint endpoint) =>
            endpoint.PosterAsync(token, number, context);
        downloads.MapMethods("/files/{number:int}", reading, file);
        downloads.MapMethods("/posters/{number:int}", reading, poster);
    }

    private static async Task<IResult> CreateAsync(
        string id, HttpContext context, ShareLinks links, TimeProvider time, IOptions<HttpOptions> http, IStringLocalizer<ShareTexts> texts,
        CancellationToken cancellationToken)
    {
        const string Usage = "Send { \"days\": 7, \"password\": \"…\", \"maxDownloads\": 3, "
            + "\"title\": \"…\", \"sender\": \"…\" }, each optional.";

        // All settings are optional, and so is the body.
        var (request, problem) = context.Request.ContentLength is 0 or null && !context.Request.HasJsonContentType()
            ? (new ShareRequest(), null)
            : await JsonBody.ReadAsync<ShareRequest>(context.Request, ApiJson.Options, Usage, cancellationToken);
        if (request is null)
        {
            return problem!;
        }

        switch (await links.CreateAsync(id, request, Caller.Of(context), cancellationToken))
        {
            case ShareResult.Created(var link, var token):
                context.Response.Headers.CacheControl = "no-store";
                return TypedResults.Created(
                    $"/api/v1/exports/{id}/shares/{link.Id}",
                    Describe(link, time.GetUtcNow()) with { Url = AddressOf(token.Reveal(), context.Request, http.Value) });
            case ShareResult.Refused(var code):
                var status = code is "not-ready" or "sharing-off"
                    ? StatusCodes.Status409Conflict
                    : StatusCodes.Status422UnprocessableEntity;
                return ApiProblem.Of(status, code, texts["Share.Refused." + code]);
            default:
                return NotFound(texts);
        }
    }

    private static async Task<IResult> ListAsync(
        string id, HttpContext context, ShareLinks links, TimeProvider time, IStringLocalizer<ShareTexts> texts,
        CancellationToken cancellationToken) =>
        await links.ListAsync(id, Caller.Of(context), cancellationToken) is { } found
            ? TypedResults.Ok(new ShareListResponse([.. found.Select(link => Describe(link, time.GetUtcNow()))]))
            : NotFound(texts);

    private static async Task<IResult> RevokeAsync(
        string id, string shareId, HttpContext context, ShareLinks links, IStringLocalizer<ShareTexts> texts,
        CancellationToken cancellationToken) =>
        await links.RevokeAsync(id, shareId, Caller.Of(context), cancellationToken) ? TypedResults.NoContent() : NotFound(texts);

    private static ProblemHttpResult NotFound(IStringLocalizer<ShareTexts> texts) =>
        ApiProblem.Of(StatusCodes.Status404NotFound, "not-found", texts["Share.Refused.not-found"]);
}
