using System.Globalization;

namespace HeyGemExport.Pages;

/// <summary>What somebody sees when a request goes wrong: a page for people, problem details (RFC 9457) for programs.</summary>
public static class FaultPages
{
    /// <summary>Adds problem details that carry a stable <c>code</c>.</summary>
    public static IServiceCollection AddFaultPages(this IServiceCollection services) =>
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
            context.ProblemDetails.Extensions.TryAdd("code", Code(context.ProblemDetails.Status)));

    /// <summary>Answers failed requests that have no body yet.</summary>
    public static IApplicationBuilder UseFaultPages(this IApplicationBuilder app)
    {
        // The framework clears the headers of a failed response; the policy matters on error pages most of all.
        app.UseWhen(IsForPeople, people => people
            .UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandlingPath = "/error/500" })
            .UseSecurityHeaders()
            .UseStatusCodePagesWithReExecute("/error/{0}"));
        app.UseWhen(context => !IsForPeople(context), programs => programs
            .UseExceptionHandler()
            .UseSecurityHeaders()
            .UseStatusCodePages());
        return app;
    }

    private static bool IsForPeople(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        && context.Request.GetTypedHeaders().Accept.Any(type => type.MatchesMediaType("text/html") && type.Quality is not 0);

    private static string Code(int? status) => status switch
    {
        StatusCodes.Status400BadRequest => "bad-request",
        StatusCodes.Status404NotFound => "not-found",
        StatusCodes.Status500InternalServerError or null => "internal",
        _ => string.Create(CultureInfo.InvariantCulture, $"http-{status}"),
    };
}
