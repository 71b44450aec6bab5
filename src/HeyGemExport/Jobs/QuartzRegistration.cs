using HeyGemExport.Exports;
using Microsoft.Extensions.Options;
using Quartz;

namespace HeyGemExport.Jobs;

/// <summary>Registers Quartz with its store in memory.</summary>
internal static class QuartzRegistration
{
    /// <summary>Adds the Quartz engine.</summary>
    public static IServiceCollection AddQuartzEngine(this IServiceCollection services)
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
        services.AddSingleton(new JobEngine("Quartz.NET", AppVersion.Of(typeof(IScheduler).Assembly), DashboardPath: null));
        return services;
    }
}
