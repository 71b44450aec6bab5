using HeyGemExport.Hosting;

namespace HeyGemExport.Health;

internal static class HealthRegistration
{
    public static IServiceCollection AddHealth(this IServiceCollection services) => services
        .AddValidatedOptions<HealthOptions>(HealthOptions.Section).Services
        .AddSingleton<HealthTexts>()
        .AddSingleton<ServiceChecks>()
        .AddSingleton<SystemCheck>()
        .AddSingleton<OpsOverview>()
        .AddHostedService<SystemCheckMonitor>();
}
