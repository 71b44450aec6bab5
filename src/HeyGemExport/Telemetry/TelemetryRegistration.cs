namespace HeyGemExport.Telemetry;

/// <summary>Registers logs and metrics.</summary>
internal static class TelemetryRegistration
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services.AddRunLog();
        services.AddSingleton<OpsGauges>();
        services.AddSingleton<MetricsCollector>();
        services.AddHostedService(provider => provider.GetRequiredService<MetricsCollector>());
        return services;
    }
}
