using HeyGemExport.Accounts;
using HeyGemExport.Exports;
using HeyGemExport.Health;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HeyGemExport.Pages.Ops;

/// <summary>What ops see, over HTTP.</summary>
internal static class OpsEndpoints
{
    /// <summary>Maps <c>GET /api/v1/ops</c>.</summary>
    public static void MapOverview(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/v1/ops", TakeAsync).WithName("GetOps").WithTags("Ops")
            .WithSummary("Queue, running and failed exports, archives, share links, space, checks and versions.")
            .RequireAuthorization(Policies.Operator);

    private static async Task<Ok<OpsResponse>> TakeAsync(OpsOverview overview, ExportErrorTexts errors, CheckTexts checks, HttpResponse response, CancellationToken cancellationToken)
    {
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(OpsResponse.Of(await overview.TakeAsync(cancellationToken), errors, checks));
    }
}
