using System.Net;
using Microsoft.AspNetCore.Http.Features;

namespace HeyGemExport.Accounts.Schemes;

/// <summary>The connection of a request as it was before forwarded headers were applied.</summary>
/// <param name="WasForwarded">Whether a proxy says that it stands between.</param>
internal sealed record OriginalConnection(IPAddress? Address, bool WasForwarded)
{
    private static readonly string[] ForwardingHeaders =
        ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via"];

    public static OriginalConnection Of(HttpContext context) => context.Features.GetRequiredFeature<OriginalConnection>();

    internal static Task CaptureAsync(HttpContext context, RequestDelegate next)
    {
        context.Features.Set(new OriginalConnection(
            ClientAddress.Plain(context.Connection.RemoteIpAddress), ForwardingHeaders.Any(context.Request.Headers.ContainsKey)));
        return next(context);
    }
}
