using HeyGemExport.Accounts;
using HeyGemExport.Hosting;
using Serilog;
using Serilog.Events;

namespace HeyGemExport.Telemetry;

/// <summary>One line in the run log for each request of a person or a program. Scripts that keep a page fresh, static files and videos are
/// worth a line only when they fail; health and metrics never, because those who ask for them report by themselves.</summary>
internal static class RequestLog
{
    private const string RefreshHeader = "X-Refresh";

    private static readonly string[] Probes = ["/healthz", "/metrics"];
    private static readonly string[] Assets = ["/css", "/js", "/img", "/videos", "/favicon.ico"];

    /// <summary>Logs requests. Goes before everything, so that the line has the status that was actually sent.</summary>
    public static IApplicationBuilder UseRequestLog(this IApplicationBuilder app) => app.UseSerilogRequestLogging(log =>
    {
        log.Logger = app.ApplicationServices.GetRequiredService<Serilog.ILogger>();
        log.MessageTemplate = "{Method} {Path} {Status} {Milliseconds} ms {Who} {From}";
        log.GetLevel = (context, _, _) =>
            IsProbe(context.Request.Path) || IsRoutine(context) ? LogEventLevel.Debug : LogEventLevel.Information;
        log.GetMessageTemplateProperties = (context, _, milliseconds, status) =>
        {
            var caller = Caller.Of(context);
            return
            [
                Property("Method", context.Request.Method),
                Property("Path", LoggedPath.Of(context.Request.Path)),
                Property("Status", status),
                Property("Milliseconds", (long)milliseconds),
                Property("Who", caller.Who),
                Property("From", caller.From),
                Property(RunLogFormatter.RequestId, context.TraceIdentifier),
            ];
        };
    });

    public static bool IsProbe(PathString path) => StartsWithAny(path, Probes);

    private static bool IsRoutine(HttpContext context) =>
        context.Response.StatusCode < StatusCodes.Status400BadRequest
        && (context.Request.Headers.ContainsKey(RefreshHeader) || IsFile(context.Request) || IsStream(context.Response));

    private static bool IsFile(HttpRequest request) => HttpMethods.IsGet(request.Method) && StartsWithAny(request.Path, Assets);

    /// <summary>Follows an export as long as a page is open, and says nothing that its transitions do not.</summary>
    private static bool IsStream(HttpResponse response) =>
        response.ContentType is { } type && type.StartsWith("text/event-stream", StringComparison.Ordinal);

    private static bool StartsWithAny(PathString path, string[] prefixes) =>
        Array.Exists(prefixes, prefix => path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase));

    private static LogEventProperty Property(string name, object value) => new(name, new ScalarValue(value));
}
