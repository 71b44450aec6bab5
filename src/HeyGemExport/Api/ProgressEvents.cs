using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HeyGemExport.Api;

/// <summary>Server-sent events about work in progress: <c>progress</c> with its figures as data, until it ends.</summary>
internal static class ProgressEvents
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    public static ServerSentEventsResult<T> Answer<T>(HttpContext context, IAsyncEnumerable<T> figures)
    {
        // nginx would buffer them.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(figures, "progress");
    }

    /// <summary>Again whenever it differs, until it has ended, is gone, or the service stops.</summary>
    /// <param name="find">Null when it is gone, or the caller may no longer see it.</param>
    /// <param name="stopping">The shutdown, which a reader must not delay.</param>
    public static async IAsyncEnumerable<T> WatchAsync<T>(
        Func<CancellationToken, Task<T?>> find, Func<T, T, bool> differs, Func<T, bool> hasEnded, TimeProvider time,
        CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        T? seen = null;
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            if (await find(cancellationToken) is not { } found)
            {
                yield break;
            }

            if (seen is null || differs(seen, found))
            {
                yield return found;
                seen = found;
            }

            if (hasEnded(found))
            {
                yield break;
            }
        }
        while (!stopping.IsCancellationRequested && await timer.WaitForNextTickAsync(cancellationToken));
    }
}
