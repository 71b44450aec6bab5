using Hangfire;
using HeyGemExport.Accounts;

namespace HeyGemExport.Jobs;

/// <summary>Hangfire's dashboard, for operators.</summary>
internal static class HangfireDashboard
{
    /// <summary>Where it is.</summary>
    public const string Path = "/hangfire";

    // It colours labels and cards by style attributes, and its charts by rules of their own.
    private const string Styles = "; style-src 'self' 'unsafe-inline'";

    /// <summary>Maps it.</summary>
    public static void Map(IEndpointRouteBuilder app) => app
        .MapHangfireDashboardWithAuthorizationPolicy(Policies.Operator, Path, new DashboardOptions
        {
            AppPath = "/",
            DashboardTitle = "HeyGem Export",
            DisplayStorageConnectionString = false,
        })
        .WithMetadata(new DashboardEndpoint())
        .Add(endpoint =>
        {
            var dashboard = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = request =>
            {
                request.Response.Headers.ContentSecurityPolicy += Styles;
                return dashboard(request);
            };
        });
}
