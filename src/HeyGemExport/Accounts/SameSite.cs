using HeyGemExport.Accounts.Schemes;
using HeyGemExport.Api;

namespace HeyGemExport.Accounts;

/// <summary>Refuses unsafe requests that a page of another site caused. Browsers send <c>Sec-Fetch-Site</c> (W3C Fetch Metadata), older
/// ones <c>Origin</c>; programs send neither. Requests with an API key carry nothing that a browser adds by itself.</summary>
internal static class SameSite
{
    public static IApplicationBuilder UseSameSite(this IApplicationBuilder app) => app.Use((context, next) =>
        IsUnsafe(context.Request.Method) && AccountSchemes.BearerToken(context.Request) is null && IsCrossSite(context.Request)
            ? ApiProblem.Of(403, "cross-site", "Requests from pages of other sites are refused.").ExecuteAsync(context)
            : next(context));

    private static bool IsCrossSite(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is [{ Length: > 0 } site])
        {
            return site is not ("same-origin" or "none");
        }

        // Sandboxed pages and redirects send "null".
        return request.Headers.Origin is [{ Length: > 0 } origin]
            && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }

    // RFC 9110, 9.2.1.
    private static bool IsUnsafe(string method) =>
        !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method) && !HttpMethods.IsTrace(method);
}
