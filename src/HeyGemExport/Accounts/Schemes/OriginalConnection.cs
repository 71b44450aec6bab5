using System.Net;
using Microsoft.AspNetCore.Http.Features;

namespace HeyGemExport.Accounts.Schemes;

/// <summary>The connection of a request as it was before forwarded headers were applied.</summary>
/// <param name="WasForwarded">Whether a proxy says that it stands between, or the request is of a kind that only proxies send.</param>
internal sealed record OriginalConnection(IPAddress? Address, bool WasForwarded)
{
    private static readonly string[] ForwardingHeaders =
    [
        "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix",
        "X-Forwarded-Server", "X-Forwarded-Scheme", "X-Forwarded-User", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "X-Original-For",
        "X-Original-Host", "X-Original-URL", "X-Scheme", "X-ProxyUser-Ip", "True-Client-IP",
        "CF-Connecting-IP", "CF-Ray", "Fastly-Client-IP",
        "X-Envoy-External-Address", "X-Envoy-Internal", "X-Amzn-Trace-Id", "Via",
    ];

    public static OriginalConnection Of(HttpContext context) => context.Features.GetRequiredFeature<OriginalConnection>();

    internal static Task CaptureAsync(HttpContext context, RequestDelegate next)
    {
        context.Features.Set(new OriginalConnection(
            ClientAddress.Plain(context.Connection.RemoteIpAddress), ForwardingHeaders.Any(context.Request.Headers.ContainsKey)));
        return next(context);
    }
}
