using System.Security.Cryptography;
using System.Text;
using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Health;

namespace HeyGemExport.Telemetry;

/// <summary><c>GET /metrics</c> for Prometheus: to ops, and to whoever has the token. It decides itself who may read, because a token is
/// no account.</summary>
internal static class MetricsEndpoint
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";
    private const string Scheme = "Bearer ";

    public static void MapMetrics(this IEndpointRouteBuilder app) =>
        app.MapGet("/metrics", WriteAsync).AllowAnonymous().ExcludeFromDescription();

    private static async Task<IResult> WriteAsync(
        HttpContext context, MetricsCollector collector, OpsGauges gauges, IAuthorizationService authorization,
        IOptionsMonitor<HealthOptions> options, CancellationToken cancellationToken)
    {
        if (!HasToken(context.Request, options.CurrentValue)
            && !(await authorization.AuthorizeAsync(context.User, context, Policies.Metrics)).Succeeded)
        {
            if (context.User.Identity is { IsAuthenticated: true })
            {
                return ApiProblem.Of(StatusCodes.Status403Forbidden, "forbidden", "This account may not do that.");
            }

            context.Response.Headers.WWWAuthenticate = "Bearer";
            return ApiProblem.Of(
                StatusCodes.Status401Unauthorized, "unauthorized", "Send the token of Ops:MetricsToken, or sign in as an operator.");
        }

        await gauges.RefreshAsync(cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Text(collector.Write(), ContentType, Encoding.UTF8);
    }

    private static bool HasToken(HttpRequest request, HealthOptions options)
    {
        var given = request.Headers.Authorization.ToString();
        if (!given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || options.CurrentMetricsToken() is not { } token)
        {
            return false;
        }

        // Compared as hashes of equal length, so that the time reveals neither content nor length.
        return CryptographicOperations.FixedTimeEquals(Hash(given[Scheme.Length..].Trim()), Hash(token));
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
