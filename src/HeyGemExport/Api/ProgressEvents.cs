using System.Collections.Concurrent;
using System.Net;

namespace HeyGemExport.Api;

/// <summary>Server-sent events about work in progress: <c>progress</c> with its figures as data, until it ends. Each caller has a number of
/// them at the same time, since a stream costs a connection.</summary>
internal sealed class ProgressEvents
{
    /// <summary>More than a browser opens to one server by HTTP/1.1, and than a pipeline has exports.</summary>
    public const int MaxStreams = 20;

    private readonly ConcurrentDictionary<string, int> open = new(StringComparer.Ordinal);

    public static IResult Answer<TRecord, T>(HttpContext context, IAsyncEnumerable<TRecord> records, Func<TRecord, T> show)
    {
        // nginx would buffer them.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.ContentType = "text/event-stream";
            return Results.Empty;
        }

        return context.RequestServices.GetRequiredService<ProgressEvents>().TryOpen(context)
            ? TypedResults.ServerSentEvents(ShowAsync(records, show), "progress")
            : ApiProblem.Of(
                StatusCodes.Status429TooManyRequests, "too-many-streams",
                $"At most {MaxStreams} event streams at the same time. Ask for the export itself now and then.");
    }

    // System.Linq.AsyncEnumerable would do the same, and be loaded for this alone: a megabyte.
    private static async IAsyncEnumerable<T> ShowAsync<TRecord, T>(IAsyncEnumerable<TRecord> records, Func<TRecord, T> show)
    {
        await foreach (var record in records)
        {
            yield return show(record);
        }
    }

    /// <summary>Until the response ends.</summary>
    private bool TryOpen(HttpContext context)
    {
        var caller = $"{context.User.Identity?.Name} {context.Connection.RemoteIpAddress ?? IPAddress.None}";
        if (open.AddOrUpdate(caller, 1, (_, count) => count + 1) > MaxStreams)
        {
            Close(caller);
            return false;
        }

        context.Response.OnCompleted(() =>
        {
            Close(caller);
            return Task.CompletedTask;
        });
        return true;
    }

    private void Close(string caller)
    {
        if (open.AddOrUpdate(caller, 0, (_, count) => count - 1) == 0)
        {
            open.TryRemove(new(caller, 0));
        }
    }
}
