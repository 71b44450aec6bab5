namespace HeyGemExport.Library;

/// <summary>Registers the library.</summary>
public static class LibraryRegistration
{
    /// <summary>Adds the library's services and its validated options.</summary>
    public static IServiceCollection AddLibrary(this IServiceCollection services)
    {
        services.AddOptions<LibraryOptions>().BindConfiguration(LibraryOptions.Section).ValidateOnStart();
        services.AddSingleton<OutputsRoot>();
        services.AddSingleton<LibraryIndex>();
        return services;
    }

    /// <summary>Maps the library's API.</summary>
    public static IEndpointRouteBuilder MapLibrary(this IEndpointRouteBuilder app) => app;
}
