using HeyGemExport.Api;
using Microsoft.AspNetCore.Diagnostics;

namespace HeyGemExport.Pages;

internal static class ErrorPages
{
    /// <summary>A person gets the error page, a program problem details from what runs after this.</summary>
    public static IApplicationBuilder UseErrorPages(this IApplicationBuilder app) => app
        .UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/error/500",
            StatusCodeSelector = ApiRegistration.StatusOf,
        })

        // The framework clears the headers of a failed response, and the policy matters on error pages, too.
        .UseSecurityHeaders()
        .UseStatusCodePagesWithReExecute("/error/{0}")
        .Use((context, next) =>
        {
            if (!context.Request.IsForPage() && context.Features.Get<IStatusCodePagesFeature>() is { } pages)
            {
                pages.Enabled = false;
            }

            return next(context);
        });
}
