using Microsoft.Extensions.Options;

namespace HeyGemExport.Health;

internal static class HealthRegistration
{
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddLocalization();
        services.AddOptions<HealthOptions>().BindConfiguration(HealthOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<HealthOptions>, HealthOptions.Validator>();
        services.AddSingleton<CheckTexts>();
        services.AddSingleton<ServiceChecks>();
        services.AddSingleton<SystemCheck>();
        services.AddSingleton<OpsRecordsReader>();
        services.AddSingleton<OpsOverview>();
        services.AddHostedService<SystemCheckMonitor>();
        return services;
    }
}
