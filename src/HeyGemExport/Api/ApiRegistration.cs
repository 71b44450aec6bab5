using HeyGemExport.Data;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;

namespace HeyGemExport.Api;

internal static class ApiRegistration
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddOpenApi("v1", ApiExamples.Describe);
        services.AddSingleton<ProgressEvents>();
        services.AddExceptionHandler<ApiExceptionHandler>();
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            var status = context.ProblemDetails.Status ?? StatusCodes.Status500InternalServerError;
            context.ProblemDetails.Extensions.TryAdd("code", CodeOf(status));

            // As at the end of the run log's lines; the framework's default, an activity id, is not logged.
            context.ProblemDetails.Extensions["traceId"] = context.HttpContext.TraceIdentifier;
        });
        return services;
    }

    public static void UseApi(this IApplicationBuilder app) => app
        .UseWhen(context => !context.Request.IsForPage(), api => api.UseExceptionHandler().UseStatusCodePages())
        .Use((context, next) =>
        {
            // Content of a GET means nothing (RFC 9110, 9.3.1). A page that tried to read it as a form would lose its other parameters.
            if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            {
                context.Request.Headers.ContentType = default;
            }

            return HasKnownCharset(context.Request)
                ? next(context)
                : ApiProblem.Of(StatusCodes.Status415UnsupportedMediaType, "bad-request", "Send UTF-8.").ExecuteAsync(context);
        });

    public static void MapApi(this IEndpointRouteBuilder app) => app.MapOpenApi();

    /// <summary>Whether a browser asks for a page, where problem details would not help.</summary>
    public static bool IsForPage(this HttpRequest request) =>
        !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>Forms and JSON are UTF-8 (RFC 8259, 8.1). The framework fails for charsets that it does not know or does not allow any
    /// more.</summary>
    private static bool HasKnownCharset(HttpRequest request) =>
        request.ContentType is null
        || request.GetTypedHeaders().ContentType is not { Charset: { HasValue: true } charset }
        || charset.Value!.Trim('"').ToUpperInvariant() is "UTF-8" or "US-ASCII";

    public static int StatusOf(Exception exception) =>
        DatabaseErrors.IsUnavailable(exception) ? StatusCodes.Status503ServiceUnavailable
        : (exception as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError;

    public static string CodeOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "bad-request",
        StatusCodes.Status500InternalServerError => "internal",
        _ => ReasonPhrases.GetReasonPhrase(status).ToLowerInvariant().Replace(' ', '-'),
    };

    private sealed class ApiExceptionHandler(IProblemDetailsService problems) : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
        {
            // Browsers accept everything after the page that they ask for.
            if (context.Request.IsForPage())
            {
                return false;
            }

            var status = StatusOf(exception);
            context.Response.StatusCode = status;
            var problem = new ProblemDetailsContext { HttpContext = context, ProblemDetails = { Status = status } };
            if (DatabaseErrors.IsUnavailable(exception))
            {
                problem.ProblemDetails.Detail = "The database cannot be used at the moment. Nothing was recorded; try again later.";
                problem.ProblemDetails.Extensions["code"] = "database-unavailable";
            }

            return await problems.TryWriteAsync(problem);
        }
    }
}
