using HeyGemExport.FileSystem;
using HeyGemExport.Hosting;
using HeyGemExport.Library.Filters;
using HeyGemExport.Library.Tags;
using HeyGemExport.Library.Tasks;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Library;

/// <summary>Registers the library.</summary>
internal static class LibraryRegistration
{
    /// <summary>Adds the library's services and its validated options.</summary>
    public static IServiceCollection AddLibrary(this IServiceCollection services)
    {
        services.AddLocalization();
        services.AddValidatedOptions<LibraryOptions>(LibraryOptions.Section).PostConfigure<IConfiguration>(JoinExtensions);
        services.AddSingleton(provider => new OutputsRoot(Path.GetFullPath(
            provider.GetRequiredService<IOptions<LibraryOptions>>().Value.OutputsPath, provider.GetRequiredService<IHostEnvironment>().ContentRootPath)));
        services.AddSingleton<VideoExtensions>();
        services.AddSingleton<LibraryScanner>();
        services.AddSingleton<VideoExaminer>();
        services.AddSingleton<TaskListReader>();
        services.AddSingleton<TagStore>();
        services.AddSingleton<TagService>();
        services.AddSingleton<TagFileReader>();
        services.AddSingleton<TagEditor>();
        services.AddSingleton<SavedFilterStore>();
        services.AddSingleton(provider => new LibraryIndex(
            provider.GetRequiredService<LibraryScanner>(),
            provider.GetRequiredService<VideoExaminer>(),
            provider.GetRequiredService<TaskListReader>(),
            provider.GetRequiredService<TagFileReader>(),
            provider.GetRequiredService<TagService>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<LibraryIndex>>()));
        services.AddHostedService<LibraryWatch>();
        return services;
    }

    /// <summary>Maps the library's API.</summary>
    public static IEndpointRouteBuilder MapLibrary(this IEndpointRouteBuilder app)
    {
        app.MapVideos();
        app.MapBatches();
        app.MapVideoFiles();
        TagEndpoints.Map(app);
        return app;
    }

    private static void JoinExtensions(LibraryOptions options, IConfiguration configuration)
    {
        var array = configuration.GetSection($"{LibraryOptions.Section}:{nameof(LibraryOptions.Extensions)}").GetChildren().ToList();
        if (array.Count > 0)
        {
            options.Extensions = string.Join(' ', array.Select(element => element.Value));
        }
    }
}
