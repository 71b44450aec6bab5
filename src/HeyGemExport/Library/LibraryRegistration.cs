using HeyGemExport.Library.Filters;
using HeyGemExport.Library.Tags;
using HeyGemExport.Library.Tasks;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Library;

/// <summary>Registers the library.</summary>
public static class LibraryRegistration
{
    /// <summary>Adds the library's services and its validated options.</summary>
    public static IServiceCollection AddLibrary(this IServiceCollection services)
    {
        services.AddLocalization();
        services.AddOptions<LibraryOptions>()
            .BindConfiguration(LibraryOptions.Section)
            .PostConfigure<IConfiguration>(JoinArrays)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<LibraryOptions>, LibraryOptionsValidation>();
        services.AddSingleton<OutputsRoot>();
        services.AddSingleton<VideoExtensions>();
        services.AddSingleton<LibraryScanner>();
        services.AddSingleton<VideoInspector>();
        services.AddSingleton<TaskListReader>();
        services.AddSingleton<TagStore>();
        services.AddSingleton<TagBook>();
        services.AddSingleton<TagFileReader>();
        services.AddSingleton<SavedFilterStore>();
        services.AddSingleton(provider => new LibraryIndex(
            provider.GetRequiredService<LibraryScanner>(),
            provider.GetRequiredService<VideoInspector>(),
            provider.GetRequiredService<TaskListReader>(),
            provider.GetRequiredService<TagFileReader>(),
            provider.GetRequiredService<TagBook>(),
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
        return app;
    }

    private static void JoinArrays(LibraryOptions options, IConfiguration configuration)
    {
        options.Extensions = Join(nameof(LibraryOptions.Extensions), " ") ?? options.Extensions;
        options.IgnoredFolders = Join(nameof(LibraryOptions.IgnoredFolders), ",") ?? options.IgnoredFolders;

        string? Join(string key, string separator) =>
            configuration.GetSection($"{LibraryOptions.Section}:{key}").GetChildren().Select(element => element.Value).ToList() is { Count: > 0 } values
                ? string.Join(separator, values)
                : null;
    }
}
