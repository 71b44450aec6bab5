using Microsoft.AspNetCore.Connections;

namespace HeyGemExport.Hosting;

internal static class AppHost
{
    public const string Url = "http://127.0.0.1:5080";

    /// <summary>How long a stop waits for requests and exports. Well below the ten seconds after which a container engine kills;
    /// downloads are resumed and exports are taken up again after the next start.</summary>
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Serves until it is told to stop.</summary>
    /// <returns>The exit code: 0 when a stop was asked for, however much was still going on, and 1 when a part of the app failed.</returns>
    public static async Task<int> RunAsync(WebApplication app)
    {
        var services = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await app.RunAsync();
        }
        catch (Exception exception) when (stopping.IsCancellationRequested && IsLateStop(exception))
        {
            // A read that hangs, for example. The process ends all the same, and the next start takes up what it was doing.
        }

        return services.Exists(service => service.ExecuteTask is { IsFaulted: true }) ? 1 : 0;
    }

    private static bool IsLateStop(Exception exception) => exception is OperationCanceledException
        || (exception is AggregateException several && several.Flatten().InnerExceptions.All(one => one is OperationCanceledException));

    /// <summary>The content root is the working directory if it holds an appsettings.json (a published app may start elsewhere).</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var published = Path.Combine(AppContext.BaseDirectory, "wwwroot");

        // Without what this app has no use for, such as IIS and HTTP/3: some 4 MB less, and a quicker start.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            // Settings are read at start. Watching their file takes an inotify instance, and without one the start would fail.
            Args = ["--hostBuilder:reloadConfigOnChange=false", .. args],
            ContentRootPath = File.Exists("appsettings.json") ? Directory.GetCurrentDirectory() : AppContext.BaseDirectory,
            WebRootPath = Directory.Exists(published) ? published : null,
        });

        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseKestrelHttpsConfiguration();
        string[] addresses = [WebHostDefaults.ServerUrlsKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey];
        if (addresses.All(key => string.IsNullOrEmpty(builder.Configuration[key])))
        {
            builder.WebHost.UseUrls(Url);
        }

        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IConnectionListenerFactory, ConnectionRoom>();
        builder.Services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = ShutdownTimeout;

            // A download that nobody reads must not keep a running export from being stopped cleanly.
            host.ServicesStopConcurrently = true;

            // A fault in the background is logged, and ends nothing that people wait for.
            host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore;
        });
        return builder;
    }
}
