using System.Globalization;
using HeyGemExport.Accounts;
using HeyGemExport.Shares;
using Microsoft.AspNetCore.Http.Features;

namespace HeyGemExport.Telemetry;

/// <summary>
/// One line in the run log for each request of a person or a program. Scripts that keep a page fresh, static files and videos are
/// worth a line only when they fail; health and metrics never, because those who ask them tell by themselves.
/// </summary>
internal static partial class RequestLog
{
    /// <summary>The header by which the app's own scripts say that nobody clicked.</summary>
    public const string RefreshHeader = "X-Refresh";

    private static readonly string[] Probes = ["/healthz", "/metrics"];
    private static readonly string[] Assets = ["/css", "/js", "/img", "/videos", "/favicon.ico"];

    /// <summary>Logs requests. Goes before everything, so that the line has the status that was really sent.</summary>
    public static IApplicationBuilder UseRequestLog(this IApplicationBuilder app)
    {
        var time = app.ApplicationServices.GetRequiredService<TimeProvider>();
        var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RequestLog).FullName!);
        return app.Use(async (context, next) =>
        {
            var began = time.GetTimestamp();

            // Taken now: an error page is a request of its own further in.
            var (method, path) = (context.Request.Method, context.Request.Path);
            try
            {
                await next(context);
            }
            finally
            {
                Write(log, context, method, path, time.GetElapsedTime(began));
            }
        });
    }

    private static void Write(ILogger log, HttpContext context, string method, PathString path, TimeSpan elapsed)
    {
        var status = context.Response.StatusCode;
        var level = IsProbe(path) || IsRoutine(context, path, status) ? LogLevel.Debug : LogLevel.Information;
        if (log.IsEnabled(level))
        {
            var shown = WithoutSecrets(context, path);
            var caller = Caller.Of(context);
            Log.Request(log, level, method, shown, status, (long)elapsed.TotalMilliseconds, caller.Who, caller.From);
        }
    }

    private static bool IsProbe(PathString path) => Array.Exists(Probes, probe => path.StartsWithSegments(probe, StringComparison.OrdinalIgnoreCase));

    private static bool IsRoutine(HttpContext context, PathString path, int status) =>
        status < StatusCodes.Status400BadRequest && (context.Request.Headers.ContainsKey(RefreshHeader) || IsFile(context, path) || IsStream(context));

    private static bool IsFile(HttpContext context, PathString path) =>
        HttpMethods.IsGet(context.Request.Method) && Array.Exists(Assets, assets => path.StartsWithSegments(assets, StringComparison.OrdinalIgnoreCase));

    /// <summary>Follows an export as long as a page is open, and says nothing that its transitions do not.</summary>
    private static bool IsStream(HttpContext context) =>
        context.Response.ContentType is { } type && type.StartsWith("text/event-stream", StringComparison.Ordinal);

    // The query is never written, and neither is a part of the path that opens something to whoever knows it.
    private static string WithoutSecrets(HttpContext context, PathString path)
    {
        // Also where no route, or that of the error page, says what the token is.
        if (path.StartsWithSegments(ShareEndpoints.Path, StringComparison.OrdinalIgnoreCase, out var rest) && rest.HasValue)
        {
            return ShareEndpoints.Path + "/…";
        }

        var shown = path.Value ?? "";
        foreach (var (name, value) in context.Features.Get<IRouteValuesFeature>()?.RouteValues ?? [])
        {
            if (name is "token" or "key" or "secret" && Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } secret)
            {
                shown = shown.Replace(secret, "…", StringComparison.Ordinal);
            }
        }

        return shown;
    }

    private static partial class Log
    {
        [LoggerMessage(Message = "{Method} {Path} {Status} {Milliseconds} ms {Who} {From}")]
        public static partial void Request(ILogger logger, LogLevel level, string method, string path, int status, long milliseconds, string who, string from);
    }
}
