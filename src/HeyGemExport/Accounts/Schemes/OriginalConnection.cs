using System.Net;
using Microsoft.AspNetCore.Http.Features;

namespace HeyGemExport.Accounts.Schemes;

/// <summary>Who really opened the connection, before forwarded headers are believed.</summary>
/// <param name="Address">The address at the other end of the connection.</param>
/// <param name="WasForwarded">Whether a proxy says that it stands between.</param>
internal sealed record OriginalConnection(IPAddress? Address, bool WasForwarded)
{
    private static readonly string[] ForwardingHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via"];

    /// <summary>The peer of a request.</summary>
    public static OriginalConnection Of(HttpContext context)
    {
        return context.Features.GetRequiredFeature<OriginalConnection>();
    }

    /// <summary>Remembers the peer; has to run before forwarded headers are read.</summary>
    internal static Task RememberAsync(HttpContext context, RequestDelegate next)
    {
        context.Features.Set(new OriginalConnection(ClientAddress.Plain(context.Connection.RemoteIpAddress), ForwardingHeaders.Any(context.Request.Headers.ContainsKey)));
        return next(context);
    }
}
