namespace HeyGemExport;

/// <summary>
/// Refuses requests that change something and come from a page of another site. Browsers say so in
/// <c>Sec-Fetch-Site</c> (W3C Fetch Metadata); pipelines do not send it.
/// </summary>
public sealed class SameSiteFilter : IEndpointFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        var request = context.HttpContext.Request;
        return !HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site"
            ? ApiProblem.Of(StatusCodes.Status403Forbidden, "cross-site", "Requests from pages of other sites are refused.")
            : await next(context);
    }
}
