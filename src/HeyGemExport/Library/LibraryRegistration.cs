using HeyGemExport.Data;
using HeyGemExport.FileSystem;
using HeyGemExport.Hosting;
using HeyGemExport.Jobs;
using HeyGemExport.Library.Filters;
using HeyGemExport.Library.Fingerprints;
using HeyGemExport.Library.Posters;
using HeyGemExport.Library.Tags;
using HeyGemExport.Library.Tasks;

namespace HeyGemExport.Library;

internal static class LibraryRegistration
{
    public static IServiceCollection AddLibrary(this IServiceCollection services)
    {
        services.AddLocalization();
        services.AddValidatedOptions<LibraryOptions>(LibraryOptions.Section).PostConfigure<IConfiguration>(JoinArrays);
        services.AddSingleton(provider => new OutputsRoot(Path.GetFullPath(
            provider.GetRequiredService<IOptions<LibraryOptions>>().Value.OutputsPath,
            provider.GetRequiredService<IHostEnvironment>().ContentRootPath)));
        services.AddSingleton<VideoExtensions>();
        services.AddSingleton<LibraryScanner>();
        services.AddSingleton<VideoInspector>();
        services.AddSingleton<TaskListReader>();
        services.AddSingleton<TagStore>();
        services.AddSingleton<TagService>();
        services.AddSingleton<TagFileReader>();
        services.AddSingleton<TagEditor>();
        services.AddSingleton<SavedFilterStore>();
        TypeHandlers.AddJson<FilterTerms>(FilterTerms.Json);
        services.AddSingleton<LibraryIndex>();
        services.AddSingleton<FingerprintStore>();
        services.AddSingleton<VideoDigests>();
        services.AddSingleton<HotVideos>();
        services.AddHostedService(provider => provider.GetRequiredService<HotVideos>());
        services.AddRecurringJob<FingerprintJob>();
        services.AddHostedService<LibraryWatch>();
        services.AddValidatedOptions<PosterOptions>(PosterOptions.Section);
        services.AddSingleton<PosterCache>();
        services.AddSingleton<FfmpegPictures>();
        services.AddSingleton<PosterService>();
        return services;
    }

    public static IEndpointRouteBuilder MapLibrary(this IEndpointRouteBuilder app)
    {
        app.MapVideos();
        app.MapBatches();
        app.MapVideoFiles();
        app.MapPosters();
        TagEndpoints.Map(app);
        return app;
    }

    private static void JoinArrays(LibraryOptions options, IConfiguration configuration)
    {
        options.Extensions = Join(nameof(LibraryOptions.Extensions), " ") ?? options.Extensions;
        options.IgnoredFolders = Join(nameof(LibraryOptions.IgnoredFolders), ",") ?? options.IgnoredFolders;

        string? Join(string key, string separator) =>
            configuration.GetSection($"{LibraryOptions.Section}:{key}").GetChildren().Select(element => element.Value).ToList()
                is { Count: > 0 } values
                ? string.Join(separator, values)
                : null;
    }
}
