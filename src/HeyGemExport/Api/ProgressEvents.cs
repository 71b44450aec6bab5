using Microsoft.AspNetCore.Http.HttpResults;

namespace HeyGemExport.Api;

/// <summary>Server-sent events about work in progress: <c>progress</c> with its figures as data, until it ends.</summary>
internal static class ProgressEvents
{
    public static ServerSentEventsResult<T> Answer<T>(HttpContext context, IAsyncEnumerable<T> figures)
    {
        // nginx would buffer them.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(figures, "progress");
    }
}
