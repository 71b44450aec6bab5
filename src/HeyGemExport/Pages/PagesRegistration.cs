namespace HeyGemExport.Pages;

/// <summary>Registers the pages.</summary>
public static class PagesRegistration
{
    /// <summary>Adds the services and validated options of the pages.</summary>
    public static IServiceCollection AddPages(this IServiceCollection services) => services;

    /// <summary>Maps the endpoints of the pages.</summary>
    public static IEndpointRouteBuilder MapPages(this IEndpointRouteBuilder app) => app;
}
