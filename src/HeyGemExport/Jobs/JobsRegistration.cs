using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Common;
using Hangfire.Server;
using HeyGemExport.Hosting;

namespace HeyGemExport.Jobs;

internal static class JobsRegistration
{
    private const int DefaultWorkers = 4;

    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddSingleton<JobNode>();
        services.AddSingleton<JobStore>();
        services.AddSingleton<RunningJobs>();
        services.AddSingleton<JobFilter>();
        services.AddSingleton<IJobQueue, JobQueue>();
        services.AddSingleton<JobServers>();
        services.AddSingleton<JobEngine>();
        services.AddSingleton<IBackgroundProcess>(provider => provider.GetRequiredService<JobEngine>());
        services.AddSingleton<IBackgroundProcess, ClockWatch>();
        services.AddScoped(typeof(RecordRun<>));
        services.AddScoped(typeof(RecurringRun<>));
        services.AddHostedService<RecurringJobs>();

        // Registered before AddHangfire does it: its own ones are shared by every host of the process.
        services.AddSingleton(provider => provider.GetRequiredService<JobStore>().Storage);
        services.AddSingleton(Activator);
        services.AddSingleton(Filters);
        services.AddHangfire(engine => engine
            .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings());
        services.AddServer(JobQueue.Default, (provider, server) =>
        {
            server.WorkerCount = DefaultWorkers;
            server.SchedulePollingInterval = provider.GetRequiredService<JobStore>().SchedulePollingInterval;
        });
        return services;
    }

    /// <summary>Adds a queue with workers of its own, so that its long jobs keep no other job waiting.</summary>
    public static IServiceCollection AddJobQueue(this IServiceCollection services, string queue, Func<IServiceProvider, int> workers) =>
        services.AddServer(queue, (provider, server) =>
        {
            server.WorkerCount = workers(provider);

            // What is scheduled and recurring, the server of the default queue looks after.
            server.IsLightweightServer = true;
        });

    public static IServiceCollection AddRecurringJob<TJob>(this IServiceCollection services)
        where TJob : class, IRecurringJob
    {
        services.AddSingleton<TJob>();
        return services.AddSingleton(new RecurringJobRegistration(
            TJob.Id, typeof(TJob), Job.FromExpression<RecurringRun<TJob>>(run => run.RunAsync(CancellationToken.None), JobQueue.Default)));
    }

    private static IServiceCollection AddServer(
        this IServiceCollection services, string queue, Action<IServiceProvider, BackgroundJobServerOptions> configure)
    {
        var servers = new ServiceCollection().AddHangfireServer((provider, server) =>
        {
            server.ServerName = JobServers.NameOf(provider.GetRequiredService<JobNode>().Name, queue);
            server.Queues = [queue];

            // Work may take minutes; there is no use in waiting for its end. It is queued again.
            server.StopTimeout = TimeSpan.Zero;
            configure(provider, server);
        });
        foreach (var server in servers)
        {
            services.AddTransient(provider => provider.GetRequiredService<IOptions<NodeOptions>>().Value.RunsJobs
                ? (IHostedService)server.ImplementationFactory!(provider)
                : new NoServer());
        }

        return services;
    }

    private static JobActivator Activator(IServiceProvider services)
    {
        services.GetRequiredService<IGlobalConfiguration>();
        return new AspNetCoreJobActivator(services.GetRequiredService<IServiceScopeFactory>());
    }

    private static IJobFilterProvider Filters(IServiceProvider services) => new JobFilterProviderCollection(
        GlobalJobFilters.Filters, new JobFilterCollection { services.GetRequiredService<JobFilter>() },
        new JobFilterAttributeFilterProvider());

    /// <summary>On a node that leaves the jobs to others.</summary>
    private sealed class NoServer : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
