using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HeyGemExport.Tests.Notifications;

/// <summary>A target: a real HTTP server on loopback that answers as it is told.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication server;

    private Receiver(WebApplication server) => this.server = server;

    /// <summary>What came, in order.</summary>
    public ConcurrentQueue<Message> Messages { get; } = [];

    /// <summary>The answer; 200 with nothing wrong by a bot's own code when nobody says.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = context =>
        context.Response.WriteAsync("""{"errcode":0,"code":0,"errmsg":"ok"}""");

    public string Address => server.Urls.Single();

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new Receiver(builder.Build());
        receiver.server.Run(receiver.TakeAsync);
        await receiver.server.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Messages.Enqueue(
            new Message(
                context.Request.Path, context.Request.Query.ToDictionary(
                pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal), context.Request.Headers.ToDictionary(
                pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
        await Answer(context);
    }

    /// <summary>One request.</summary>
    public sealed record Message(
        string Path, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers, byte[] Body);
}
