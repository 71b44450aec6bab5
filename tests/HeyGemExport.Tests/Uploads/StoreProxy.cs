using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HeyGemExport.Tests.Uploads;

/// <summary>Stands before the store: writes down what is asked of it, and holds or refuses what the test says.</summary>
public sealed class StoreProxy : IAsyncDisposable
{
    private static readonly HttpClient Forward = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    private readonly WebApplication app;
    private readonly ConcurrentQueue<string> requests = new();

    private StoreProxy(SwiftServer server)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        app = builder.Build();
        app.Run(context => HandleAsync(context, server));
    }

    /// <summary>Asked before each request goes on; a status refuses it.</summary>
    public Func<HttpRequest, Task<HttpStatusCode?>> Before { get; set; } = _ => Task.FromResult<HttpStatusCode?>(null);

    /// <summary>Asked when the store has answered, before the answer goes back.</summary>
    public Func<HttpRequest, Task> After { get; set; } = _ => Task.CompletedTask;

    public string Endpoint => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>The requests that went on and succeeded, as method, path and query.</summary>
    public IReadOnlyList<string> Requests => [.. requests];

    /// <summary>The parts that were sent, by their numbers.</summary>
    public IReadOnlyList<string> PartsSent =>
        [.. Requests.Where(request => request.StartsWith("PUT", StringComparison.Ordinal)
            && request.Contains("partNumber=", StringComparison.Ordinal)).Select(request => request.Split("partNumber=")[1].Split('&')[0])];

    public static async Task<StoreProxy> StartAsync(SwiftServer server)
    {
        var proxy = new StoreProxy(server);
        await proxy.app.StartAsync();
        return proxy;
    }

    /// <summary>Lets so many parts through, and holds the others until the test lets them go, or for ever.</summary>
    public TaskCompletionSource HoldAfter(int parts)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = parts;
        Before = async request =>
        {
            if (request.Query.ContainsKey("partNumber") && Interlocked.Decrement(ref left) < 0)
            {
                await release.Task.WaitAsync(request.HttpContext.RequestAborted);
            }

            return null;
        };
        return release;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context, SwiftServer server)
    {
        if (await Before(context.Request) is { } refusal)
        {
            context.Response.StatusCode = (int)refusal;
            return;
        }

        var target = context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent();
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), server.Endpoint + target);
        if (context.Request.ContentLength is { } length)
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.ContentLength = length;
        }

        foreach (
            var (name, values) in context.Request.Headers.Where(header => header.Key is not ("Content-Length" or "Expect" or "Connection")))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        using var response = await Forward.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        await After(context.Request);
        if (response.IsSuccessStatusCode)
        {
            requests.Enqueue($"{context.Request.Method} {target}");
        }

        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers)
            .Where(header => header.Key is not ("Transfer-Encoding" or "Connection")))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
