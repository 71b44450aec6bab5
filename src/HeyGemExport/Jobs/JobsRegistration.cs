using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Common;
using Hangfire.Server;
using HeyGemExport.Data;
using HeyGemExport.Hosting;

namespace HeyGemExport.Jobs;

internal static class JobsRegistration
{
    private const int DefaultWorkers = 4;

    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddSingleton<JobNode>();
        services.AddSingleton<JobIntake>();
        services.AddSingleton<JobStore>();
        services.AddSingleton<RunningJobs>();
        services.AddSingleton<JobFilter>();
        services.AddSingleton<IJobQueue, JobQueue>();
        services.AddSingleton<JobServers>();
        services.AddSingleton<JobEngine>();
        services.AddSingleton<ClockWatch>();
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
        return services.AddServer(
            JobQueue.Default,
            (provider, server) =>
            {
                server.WorkerCount = DefaultWorkers;
                server.SchedulePollingInterval = provider.GetRequiredService<JobStore>().SchedulePollingInterval;
            },
            provider =>
            [
                provider.GetRequiredService<JobEngine>(), provider.GetRequiredService<ClockWatch>(),
                .. provider.GetRequiredService<Database>().IsSqlite
                    ? Array.Empty<IBackgroundProcess>() : [ActivatorUtilities.CreateInstance<JobPoll>(provider)],
            ]);
    }

    /// <summary>Adds a queue with workers of its own, so that its long jobs keep no other job waiting.</summary>
    public static IServiceCollection AddJobQueue(this IServiceCollection services, string queue, Func<IServiceProvider, int> workers) =>
        services.AddServer(queue, (provider, server) =>
        {
            server.WorkerCount = workers(provider);

            // What is scheduled and recurring, the server of the default queue looks after.
            server.IsLightweightServer = true;
        },
        _ => []);

    public static IServiceCollection AddRecurringJob<TJob>(this IServiceCollection services)
        where TJob : class, IRecurringJob
    {
        services.AddSingleton<TJob>();
        return services.AddSingleton(new RecurringJobRegistration(
            TJob.Id, typeof(TJob), TJob.EveryMinutes,
            Job.FromExpression<RecurringRun<TJob>>(run => run.RunAsync(CancellationToken.None), JobQueue.Default)));
    }

    /// <param name="table">Of the records that are watched.</param>
    public static IServiceCollection AddRecordWatchers<TRead, TBoard>(this IServiceCollection services, string table)
        where TRead : class
        where TBoard : ProgressBoard => services.AddSingleton(provider =>
    {
        // A file of this process alone is asked again and again. Of a server, which tells all nodes, it is only in case that it could not.
        var patience = provider.GetRequiredService<Database>().IsSqlite ? TimeSpan.FromMilliseconds(500) : TimeSpan.FromSeconds(30);
        var (board, signals) = (provider.GetRequiredService<TBoard>(), provider.GetRequiredService<Signals>());
        var watchers = new RecordWatchers<TRead>(table, board, patience, provider.GetRequiredService<TimeProvider>());
        board.Changed += watchers.Look;
        signals.Heard += watchers.Hear;
        signals.Began += watchers.LookAtAll;
        return watchers;
    });

    private static IServiceCollection AddServer(
        this IServiceCollection services, string queue, Action<IServiceProvider, BackgroundJobServerOptions> configure,
        Func<IServiceProvider, IBackgroundProcess[]> processes) => services
        .AddSingleton(new JobServerRegistration(queue))
        .AddSingleton<IHostedService>(provider =>
        {
            if (!provider.GetRequiredService<IOptions<NodeOptions>>().Value.RunsJobs)
            {
                return new NoServer();
            }

            var server = new BackgroundJobServerOptions
            {
                ServerName = JobServers.NameOf(provider.GetRequiredService<JobNode>().Name, queue),
                Queues = [queue],

                // The dashboard doubts a server after a minute. That a node is gone is told by NodeRegistry.
                HeartbeatInterval = TimeSpan.FromSeconds(45),

                // Work may take minutes; there is no use in waiting for its end. It is queued again.
                StopTimeout = TimeSpan.Zero,
                Activator = provider.GetRequiredService<JobActivator>(),
                FilterProvider = provider.GetRequiredService<IJobFilterProvider>(),
            };
            configure(provider, server);
            return new BackgroundJobServerHostedService(
                provider.GetRequiredService<JobStorage>(), server, processes(provider),
                provider.GetRequiredService<IHostApplicationLifetime>());
        });

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

/// <summary>Workers of a queue.</summary>
internal sealed record JobServerRegistration(string Queue);
