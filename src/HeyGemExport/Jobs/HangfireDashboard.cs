using Hangfire;
using HeyGemExport.Accounts;

namespace HeyGemExport.Jobs;

/// <summary>Hangfire's dashboard, for operators.</summary>
internal static class HangfireDashboard
{
    /// <summary>Where it is.</summary>
    public const string Path = "/hangfire";

    // It colours labels and cards by style attributes. The style element that its chart library adds as well stays refused:
    // the same rules are in its style sheet.
    private const string Styles = "; style-src 'self'; style-src-attr 'unsafe-inline'";

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
