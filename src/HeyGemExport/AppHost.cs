namespace HeyGemExport;

/// <summary>What the host assumes before anybody configures it.</summary>
public static class AppHost
{
    /// <summary>The address that the app listens on when nobody says otherwise.</summary>
    public const string Url = "http://127.0.0.1:5080";

    /// <summary>A builder whose content root is the working directory when it holds an appsettings.json,
    /// and the app's own folder otherwise (a published app that is started from elsewhere).</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var published = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ContentRootPath = File.Exists("appsettings.json") ? Directory.GetCurrentDirectory() : AppContext.BaseDirectory,
            WebRootPath = Directory.Exists(published) ? published : null,
        });

        builder.WebHost.UseStaticWebAssets();
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
        {
            builder.WebHost.UseUrls(Url);
        }

        builder.Services.AddSingleton(TimeProvider.System);
        return builder;
    }
}
