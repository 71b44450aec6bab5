using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Common;
using Hangfire.Server;
using HeyGemExport.Exports;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Jobs;

/// <summary>Registers Hangfire, with its jobs in memory, or in PostgreSQL where the records are there.</summary>
internal static class HangfireRegistration
{
    /// <summary>Adds the Hangfire engine.</summary>
    public static IServiceCollection AddHangfireEngine(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddSingleton<HangfireStorage>();
        services.AddSingleton<RunningExports>();
        services.AddSingleton<DashboardActions>();
        services.AddScoped<HangfireExportRun>();
        services.AddSingleton<IExportQueue, HangfireExportQueue>();
        services.AddSingleton<HangfireEngineMonitor>();
        services.AddSingleton<IEngineMonitor>(provider => provider.GetRequiredService<HangfireEngineMonitor>());
        services.AddSingleton<IBackgroundProcess>(provider => provider.GetRequiredService<HangfireEngineMonitor>());
        services.AddSingleton(new JobEngine("Hangfire", typeof(JobStorage).Assembly.GetName().Version?.ToString(3) ?? "", HangfireDashboard.Path));

        // Registered before AddHangfire does it: its own ones are shared by every host of the process.
        services.AddSingleton(provider => provider.GetRequiredService<HangfireStorage>().Jobs);
        services.AddSingleton(Activator);
        services.AddSingleton(Filters);
        services.AddHangfire(engine => engine
            .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings());
        services.AddHangfireServer(Serve);
        return services;
    }

    private static void Serve(IServiceProvider services, BackgroundJobServerOptions server)
    {
        server.WorkerCount = services.GetRequiredService<IOptions<ExportOptions>>().Value.Workers;
        server.Queues = [HangfireExportQueue.Name];
        server.CancellationCheckInterval = TimeSpan.FromSeconds(1);

        // An export takes minutes; there is no use in waiting for its end. It is queued again.
        server.StopTimeout = TimeSpan.Zero;
    }

    private static JobActivator Activator(IServiceProvider services)
    {
        services.GetRequiredService<IGlobalConfiguration>();
        return new AspNetCoreJobActivator(services.GetRequiredService<IServiceScopeFactory>());
    }

    private static IJobFilterProvider Filters(IServiceProvider services)
    {
        var actions = new JobFilterCollection { services.GetRequiredService<DashboardActions>() };
        return new JobFilterProviderCollection(GlobalJobFilters.Filters, actions, new JobFilterAttributeFilterProvider());
    }
}
