using HeyGemExport.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Serilog;
using Serilog.Core;
using Serilog.Extensions.Logging;

namespace HeyGemExport.Ops;

/// <summary>Registers the logs.</summary>
internal static class RunLogRegistration
{
    /// <summary>Replaces the default log providers by Serilog: console and run log, levels from the section <c>Serilog</c>.</summary>
    public static IServiceCollection AddRunLog(this IServiceCollection services)
    {
        services.AddOptions<LogOptions>().BindConfiguration(LogOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LogOptions>, LogOptions.Validator>());
        services.TryAddSingleton<LogFolder>();
        services.AddLogging(logging => logging
            .ClearProviders()
            .AddFilter<SerilogLoggerProvider>(category: null, LogLevel.Trace));
        services.AddSingleton<ILoggerProvider>(provider => new SerilogLoggerProvider(CreateLogger(provider), dispose: true));
        return services;
    }

    // Built when the host is, so that every source of configuration counts.
    private static Logger CreateLogger(IServiceProvider services) => new LoggerConfiguration()
        .ReadFrom.Configuration(services.GetRequiredService<IConfiguration>())
        .WriteTo.Console(new RunLogFormatter())
        .WriteTo.Sink(new RunLogSink(services.GetRequiredService<LogFolder>, Console.Error))
        .CreateLogger();
}
