namespace HeyGemExport.Pages;

/// <summary>What a person sees when a request goes wrong.</summary>
public static class FaultPages
{
    /// <summary>Answers a person's failed request that has no body yet with the error page; programs get problem details elsewhere.</summary>
    public static IApplicationBuilder UseFaultPages(this IApplicationBuilder app) =>
        app.UseWhen(context => context.Request.IsForPage(), people => people
            .UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandlingPath = "/error/500" })

            // The framework clears the headers of a failed response; the policy matters on error pages most of all.
            .UseSecurityHeaders()
            .UseStatusCodePagesWithReExecute("/error/{0}"));
}
