using HeyGemExport.Hosting;

namespace HeyGemExport.Health;

/// <summary>Registers the start-up check and health.</summary>
internal static class HealthRegistration
{
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddLocalization();
        services.AddValidatedOptions<OpsOptions>(OpsOptions.Section);
        services.AddSingleton<CheckTexts>();
        services.AddSingleton<ServiceChecks>();
        services.AddSingleton<SystemCheck>();
        services.AddHostedService<SystemCheckMonitor>();
        return services;
    }
}
