using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Health;

/// <summary>Registers the start-up check and health.</summary>
internal static class HealthRegistration
{
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddLocalization();
        services.AddOptions<HealthOptions>().BindConfiguration(HealthOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HealthOptions>, HealthOptions.Validator>());
        services.AddSingleton<CheckTexts>();
        services.AddSingleton<ServiceChecks>();
        services.AddSingleton<SystemCheck>();
        services.AddHostedService<SystemCheckMonitor>();
        return services;
    }
}
