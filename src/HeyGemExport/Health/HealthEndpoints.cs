using System.Security.Claims;
using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HeyGemExport.Health;

/// <summary>The answer of <c>/healthz/live</c>, without checks, and <c>/healthz/ready</c>. <c>Status</c> is <c>ok</c>, <c>degraded</c> or
/// <c>failed</c>: the worst of the checks.</summary>
internal sealed record HealthReport(string Status, IReadOnlyList<HealthEntry> Checks, string Version);

/// <summary>A <see cref="CheckResult"/>, with message and remedy in the caller's language. Both name folders and accounts of the server, so
/// that they are null for callers who are not operators.</summary>
internal sealed record HealthEntry(string Name, string State, string Code, string? Message, string? Remedy)
{
    internal static HealthEntry Of(CheckResult result, HealthTexts texts, bool withTexts = true) => new(
        result.Name,
        HealthEndpoints.Word(result.State),
        result.Code,
        withTexts ? texts.Message(result) : null,
        withTexts ? texts.Remedy(result) : null);
}

internal static class HealthEndpoints
{
    /// <summary>Maps <c>GET /healthz/live</c> (the process answers) and <c>GET /healthz/ready</c> (it can do its work;
    /// <c>503</c> when a check fails, <c>200</c> when one is only degraded).</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("/healthz").WithTags("Health").AllowAnonymous();
        health.MapGet("/live", Live).WithName("Live").WithSummary("The process answers.").Produces<HealthReport>()
            .WithExample(new HealthReport("ok", [], AppVersion.Current));
        health.MapGet("/ready", ReadyAsync).WithName("Ready")
            .WithExample(new HealthReport(
                "ok", [new HealthEntry("outputs", "ok", "ok", Message: null, Remedy: null)], AppVersion.Current))
            .WithSummary("The service can do its work.")
            .Produces<HealthReport>().Produces<HealthReport>(StatusCodes.Status503ServiceUnavailable);
    }

    private static Ok<HealthReport> Live(HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new HealthReport(Word(CheckState.Ok), [], AppVersion.Current));
    }

    private static async Task<IResult> ReadyAsync(
        SystemCheck check, HealthTexts texts, ClaimsPrincipal caller, HttpResponse response, CancellationToken cancellationToken)
    {
        var results = await check.CurrentAsync(cancellationToken);
        var worst = results.Max(result => result.State);
        var isOperator = caller.HasRole(Roles.Operator);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Json(
            new HealthReport(Word(worst), [.. results.Select(result => HealthEntry.Of(result, texts, isOperator))], AppVersion.Current),
            statusCode: worst == CheckState.Failed ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    public static string Word(CheckState state) => state.ToString().ToLowerInvariant();
}
