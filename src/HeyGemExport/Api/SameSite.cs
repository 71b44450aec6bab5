using HeyGemExport.Accounts.Schemes;

namespace HeyGemExport.Api;

/// <summary>
/// Refuses requests that change something and were caused by a page of another site. Browsers say so in <c>Sec-Fetch-Site</c> (W3C Fetch
/// Metadata), those that do not know it in <c>Origin</c>; pipelines send neither. Requests with an API key carry nothing that a browser adds by itself.
/// </summary>
internal static class SameSite
{
    /// <summary>Whether a page of another site caused the request.</summary>
    public static bool IsForeign(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is [{ Length: > 0 } site])
        {
            return site is not ("same-origin" or "none");
        }

        // "null" is what sandboxed pages and redirects send.
        return request.Headers.Origin is [{ Length: > 0 } origin]
            && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Adds the check to the request pipeline.</summary>
    public static IApplicationBuilder UseSameSite(this IApplicationBuilder app) => app.Use((context, next) =>
        Changes(context.Request) && AccountSchemes.BearerToken(context.Request) is null && IsForeign(context.Request)
            ? ApiProblem.Of(StatusCodes.Status403Forbidden, "cross-site", "Requests from pages of other sites are refused.").ExecuteAsync(context)
            : next(context));

    private static bool Changes(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method) && !HttpMethods.IsTrace(request.Method);
}
