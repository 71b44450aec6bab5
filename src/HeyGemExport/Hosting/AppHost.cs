namespace HeyGemExport.Hosting;

internal static class AppHost
{
    public const string Url = "http://127.0.0.1:5080";

    /// <summary>How long a stop waits for requests and exports. Well below the ten seconds after which a container engine kills;
    /// downloads are resumed and exports are taken up again after the next start.</summary>
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The content root is the working directory if it holds an appsettings.json (a published app may start elsewhere).</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var published = Path.Combine(AppContext.BaseDirectory, "wwwroot");

        // Without what this app has no use for, such as IIS and HTTP/3: some 4 MB less, and a quicker start.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = args,
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
