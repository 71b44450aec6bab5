using HeyGemExport.FileSystem;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Serilog;
using Serilog.Core;
using Serilog.Extensions.Logging;

namespace HeyGemExport.Telemetry;

/// <summary>Registers the logs.</summary>
internal static class RunLogRegistration
{
    /// <summary>Replaces the default log providers by Serilog, which writes the console and the run log.</summary>
    public static IServiceCollection AddRunLog(this IServiceCollection services)
    {
        services.AddOptions<LogOptions>().BindConfiguration(LogOptions.Section).ValidateOnStart();
        services.AddOptions<LogLevelOptions>().BindConfiguration(LogLevelOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LogOptions>, LogOptions.Validator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LogLevelOptions>, LogLevelOptions.Validator>());
        services.TryAddSingleton<LogFolder>();
        services.AddLogging(logging => logging
            .ClearProviders()
            .AddFilter<SerilogLoggerProvider>(category: null, LogLevel.Trace));
        services.AddSingleton<ILoggerProvider>(provider => new SerilogLoggerProvider(CreateLogger(provider), dispose: true));
        return services;
    }

    // Built when the host is, so that every source of configuration counts; and from the section itself, because
    // asking for validated options here would stop the host with the first error instead of all.
    private static Logger CreateLogger(IServiceProvider services)
    {
        var levels = new LogLevelOptions();
        services.GetRequiredService<IConfiguration>().Bind(LogLevelOptions.Section, levels);
        var logger = new LoggerConfiguration()
            .WriteTo.Console(new RunLogFormatter())
            .WriteTo.Sink(new RunLogSink(services.GetRequiredService<LogFolder>, Console.Error));
        levels.ApplyTo(logger);
        return logger.CreateLogger();
    }
}
