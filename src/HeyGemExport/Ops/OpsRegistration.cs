using HeyGemExport.Ops.Metrics;
using HeyGemExport.Ops.Overview;
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
        services.AddSingleton<ServiceChecks>();
        services.AddSingleton<SystemCheck>();
        services.AddHostedService<SystemCheckMonitor>();
        services.AddSingleton<OpsOverview>();
        services.AddSingleton<OpsGauges>();
        services.AddSingleton<MetricsCollector>();
        services.AddHostedService(provider => provider.GetRequiredService<MetricsCollector>());
        return services;
    }

    /// <summary>Adds what has to run before everything else: the log of requests.</summary>
    public static WebApplication UseOps(this WebApplication app)
    {
        app.UseRequestLog();
        return app;
    }

    /// <summary>Maps the endpoints of the overview, health and metrics.</summary>
    public static IEndpointRouteBuilder MapOps(this IEndpointRouteBuilder app)
    {
        app.MapHealth();
        app.MapOverview();
        app.MapMetrics();
        return app;
    }
}
