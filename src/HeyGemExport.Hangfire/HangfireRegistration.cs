using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Common;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.Server;
using HeyGemExport.Exports;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Jobs;

/// <summary>Registers Hangfire, with its jobs in memory, or in PostgreSQL where the records are there.</summary>
internal static class HangfireRegistration
{
    // As long as a worker's claim on a record holds without a heartbeat: then both give the job to another worker.
    private static readonly TimeSpan LostWorkerTimeout = ExportTransitions.HeartbeatTimeout;

    /// <summary>Adds the Hangfire engine.</summary>
    public static IServiceCollection AddHangfireEngine(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddSingleton<PostgreSqlConnections>();
        services.AddSingleton<RunningExports>();
        services.AddSingleton<DashboardActions>();
        services.AddScoped<HangfireExportRun>();
        services.AddSingleton<IExportQueue, HangfireExportQueue>();
        services.AddSingleton<HangfireEngineMonitor>();
        services.AddSingleton<IEngineMonitor>(provider => provider.GetRequiredService<HangfireEngineMonitor>());
        services.AddSingleton<IBackgroundProcess>(provider => provider.GetRequiredService<HangfireEngineMonitor>());
        services.AddSingleton(new JobEngine("Hangfire", typeof(JobStorage).Assembly.GetName().Version?.ToString(3) ?? "", HangfireDashboard.Path));

        // Registered before AddHangfire does it: its own ones are shared by every host of the process.
        services.AddSingleton(Storage);
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

    private static JobStorage Storage(IServiceProvider services)
    {
        // Its log provider and serializer have to be in place before a storage is made.
        services.GetRequiredService<IGlobalConfiguration>();
        if (string.IsNullOrWhiteSpace(services.GetRequiredService<IConfiguration>().GetConnectionString("Database")))
        {
            return new InMemoryStorage();
        }

        var options = new PostgreSqlStorageOptions
        {
            SchemaName = "hangfire",
            UseSlidingInvisibilityTimeout = true,
            InvisibilityTimeout = LostWorkerTimeout,
            QueuePollInterval = TimeSpan.FromSeconds(1),

            // The app begins without its database too, and goes on when that is there.
            AllowDegradedModeWithoutStorage = true,
            StartupConnectionMaxRetries = 1,
            StartupConnectionBaseDelay = TimeSpan.FromMilliseconds(100),
        };
        return new PostgreSqlStorage(services.GetRequiredService<PostgreSqlConnections>(), options);
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
