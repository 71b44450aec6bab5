using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Ops;

/// <summary>Registers start-up checks, health and logs.</summary>
public static class OpsRegistration
{
    /// <summary>Adds the services and validated options of start-up checks, health and logs.</summary>
    public static IServiceCollection AddOps(this IServiceCollection services)
    {
        services.AddRunLog();
        services.AddLocalization();
        services.AddOptions<OpsOptions>().BindConfiguration(OpsOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OpsOptions>, OpsOptions.Validator>());
        services.AddSingleton<CheckTexts>();
        services.AddSingleton<SystemCheck>();
        services.AddHostedService<SystemCheckMonitor>();
        return services;
    }

    /// <summary>Maps the endpoints of start-up checks, health and logs.</summary>
    public static IEndpointRouteBuilder MapOps(this IEndpointRouteBuilder app)
    {
        app.MapHealth();
        return app;
    }
}
