using HeyGemExport.Exports;
using Microsoft.Extensions.Options;
using Quartz;

namespace HeyGemExport.Jobs;

/// <summary>Registers the job engine: the one place that chooses it.</summary>
public static class JobsRegistration
{
    /// <summary>Adds the job engine.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddQuartz(quartz =>
        {
            quartz.AddJob<QuartzExportQueue.RunExport>(job => job.WithIdentity(QuartzExportQueue.Job).StoreDurably());
        });
        services.AddOptions<ThreadPoolOptions>().Configure<IOptions<ExportOptions>>((pool, exports) => pool.MaxConcurrency = exports.Value.Workers);
        services.AddOptions<QuartzSchedulerOptions>().Configure(scheduler => scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always);
        services.AddQuartzHostedService(host =>
        {
            host.WaitForJobsToComplete = true;

            // So that the first start-up check finds it running.
            host.AwaitApplicationStarted = false;
        });
        services.AddSingleton<IExportQueue, QuartzExportQueue>();
        services.AddSingleton<IEngineMonitor, QuartzEngineMonitor>();
        services.AddSingleton(new JobEngine("Quartz", typeof(IScheduler).Assembly.GetName().Version?.ToString(3) ?? "", DashboardPath: null));
        return services;
    }
}
