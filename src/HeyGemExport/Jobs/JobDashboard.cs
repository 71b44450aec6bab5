using System.Text.Encodings.Web;
using Hangfire;
using Hangfire.Common;
using Hangfire.Dashboard;
using HeyGemExport.Accounts;
using HeyGemExport.Data;

namespace HeyGemExport.Jobs;

internal static class JobDashboard
{
    public const string Path = "/hangfire";

    // It colours labels and cards by style attributes.
    private const string Styles = "; style-src 'self'; style-src-attr 'unsafe-inline'";

    // Hangfire keeps its extensions for the whole process.
    static JobDashboard() => GlobalConfiguration.Configuration
        .UseDashboardJavaScript(typeof(JobDashboard).Assembly, $"{typeof(JobDashboard).Namespace}.dashboard.js")
        .UseJobDetailsRenderer(
            0, page => new NonEscapedString(Details(page.Page.Context.GetHttpContext(), page.JobDetails.Job)));

    public static void MapJobs(this IEndpointRouteBuilder app) => app
        .MapHangfireDashboardWithAuthorizationPolicy(Policies.Operator, Path, new DashboardOptions
        {
            AppPath = app.ServiceProvider.GetRequiredService<IOptions<HttpOptions>>().Value.PathBase + "/",
            DashboardTitle = "HeyGem Export",
            DisplayStorageConnectionString = false,
            DisplayNameFunc = (context, job) => NameOf(context.GetHttpContext().RequestServices, job),
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

    private static string NameOf(IServiceProvider services, Job job)
    {
        var filter = services.GetRequiredService<JobFilter>();
        return filter.FindRecurring(job)?.Name ?? Describe(filter, job)?.Name ?? job.Type.Name;
    }

    private static string Details(HttpContext context, Job job)
    {
        if (Describe(context.RequestServices.GetRequiredService<JobFilter>(), job) is not { } record)
        {
            return "";
        }

        var percent = record.Progress is { } progress
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Clamp(progress, 0, 1) * 100:0}%")
            : null;
        var bar = percent is null
            ? ""
            : $"""<div class="progress"><div class="progress-bar" style="width: {percent}">{percent}</div></div>""";
        var link = $"""<a href="{Encode(AppBase(context) + record.Link)}">{Encode(record.Name)}</a>""";
        return $"""<div id="record"><p class="word-break">{link}: {Encode(record.State)}</p>{bar}</div>""";
    }

    /// <summary>Here the base path is that of the dashboard, below the app's own.</summary>
    private static string AppBase(HttpContext context) => context.Request.PathBase.Value is { } path
        && path.EndsWith(Path, StringComparison.OrdinalIgnoreCase) ? path[..^Path.Length] : "";

    /// <summary>Blocks, as all of the dashboard's pages do. A database that is away leaves out what it knows.</summary>
    private static JobDescription? Describe(JobFilter filter, Job job)
    {
        try
        {
            return filter.TryFindRecord(job, out var feature, out var id)
                ? Task.Run(() => feature.DescribeAsync(id, CancellationToken.None)).GetAwaiter().GetResult()
                : null;
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            return null;
        }
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
