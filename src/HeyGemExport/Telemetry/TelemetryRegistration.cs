using HeyGemExport.FileSystem;
using HeyGemExport.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serilog;
using Serilog.Events;
using Serilog.Settings.Configuration;

namespace HeyGemExport.Telemetry;

internal static class TelemetryRegistration
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidatedOptions<LogOptions>(LogOptions.Section);
        services.AddValidatedOptions<LogLevelOptions>(LogLevelOptions.Section);
        services.TryAddSingleton<LogFolder>();
        services.AddSerilog(ConfigureLogger, preserveStaticLogger: true);
        services.AddSingleton<OpsGauges>();
        services.AddSingleton<MetricsCollector>();
        services.AddHostedService(provider => provider.GetRequiredService<MetricsCollector>());
        if (configuration[OtlpExport.EndpointKey] is { Length: > 0 })
        {
            // OpenTelemetry's assemblies are loaded only when this runs.
            OtlpExport.Add(services, configuration);
        }

        return services;
    }

    private static void ConfigureLogger(IServiceProvider services, LoggerConfiguration logger)
    {
        logger.MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
            .MinimumLevel.Override("Hangfire", LogEventLevel.Warning)
            .MinimumLevel.Override("System", LogEventLevel.Warning)

            // It warns at each start that keys are kept in the clear, which is what a server's own folder is for.
            .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error)
            .WriteTo.Console(new RunLogFormatter())
            .WriteTo.Sink(new RunLogSink(services.GetRequiredService<LogFolder>, Console.Error));

        var configuration = services.GetRequiredService<IConfiguration>();
        var levels = configuration.GetSection(LogLevelOptions.Section).Get<LogLevelOptions>() ?? new LogLevelOptions();
        if (!levels.Failures().Any())
        {
            // With the assembly named, it does not search all of them for sinks.
            logger.ReadFrom.Configuration(configuration, new ConfigurationReaderOptions(typeof(LoggerConfiguration).Assembly));
        }
    }
}
