namespace HeyGemExport.Exports;

/// <summary>Registers exports.</summary>
public static class ExportsRegistration
{
    /// <summary>Adds the services and validated options of exports.</summary>
    public static IServiceCollection AddExports(this IServiceCollection services) => services;

    /// <summary>Maps the endpoints of exports.</summary>
    public static IEndpointRouteBuilder MapExports(this IEndpointRouteBuilder app) => app;
}
