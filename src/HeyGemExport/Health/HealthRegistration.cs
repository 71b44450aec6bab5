using HeyGemExport.Hosting;

namespace HeyGemExport.Health;

internal static class HealthRegistration
{
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddLocalization();
        services.AddValidatedOptions<HealthOptions>(HealthOptions.Section);
        services.AddSingleton<CheckTexts>();
        services.AddSingleton<ServiceChecks>();
        services.AddSingleton<SystemCheck>();
        services.AddSingleton<OpsOverview>();
        services.AddHostedService<SystemCheckMonitor>();
        return services;
    }
}
