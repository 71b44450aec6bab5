using HeyGemExport.Data;
using HeyGemExport.FileSystem;
using HeyGemExport.Hosting;
using HeyGemExport.Library.Filters;
using HeyGemExport.Library.Tags;
using HeyGemExport.Library.Tasks;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Library;

internal static class LibraryRegistration
{
    public static IServiceCollection AddLibrary(this IServiceCollection services)
    {
        services.AddLocalization();
        services.AddValidatedOptions<LibraryOptions>(LibraryOptions.Section).PostConfigure<IConfiguration>(JoinExtensions);
        services.AddSingleton(provider => new OutputsRoot(Path.GetFullPath(
            provider.GetRequiredService<IOptions<LibraryOptions>>().Value.OutputsPath,
            provider.GetRequiredService<IHostEnvironment>().ContentRootPath)));
        services.AddSingleton<VideoExtensions>();
        services.AddSingleton<LibraryScanner>();
        services.AddSingleton<VideoExaminer>();
        services.AddSingleton<TaskListReader>();
        services.AddSingleton<TagStore>();
        services.AddSingleton<TagService>();
        services.AddSingleton<TagFileReader>();
        services.AddSingleton<TagEditor>();
        services.AddSingleton<SavedFilterStore>();
        TypeHandlers.AddJson<FilterTerms>(FilterTerms.Json);
        services.AddSingleton<LibraryIndex>();
        services.AddHostedService<LibraryWatch>();
        return services;
    }

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
