using HeyGemExport.Exports;
using Quartz;

namespace HeyGemExport.Jobs;

/// <summary>The Quartz engine. All exports are triggers of one durable job, so each trigger carries its export's id as its key.</summary>
public sealed class QuartzExportQueue(ISchedulerFactory schedulers) : IExportQueue
{
    internal static readonly JobKey Job = new("run-export", "exports");

    /// <inheritdoc/>
    public async Task EnqueueAsync(string exportId, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var key = KeyOf(exportId);
        if (await scheduler.Exists(key, cancellationToken))
        {
            return;
        }

        await scheduler.ScheduleJob(TriggerBuilder.Create().ForJob(Job).WithIdentity(key).StartNow().Build(), cancellationToken: cancellationToken);
    }

    /// <inheritdoc/>
    public async Task CancelAsync(string exportId, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var key = KeyOf(exportId);

        // The running one first: unscheduling would leave it running unseen.
        foreach (var running in (await scheduler.QueryFireInstances(new FireInstanceQuery(), cancellationToken)).Items)
        {
            if (key.Equals(running.TriggerKey))
            {
                await scheduler.InterruptFireInstance(running.FireInstanceId, cancellationToken);
            }
        }

        await scheduler.UnscheduleJob(key, cancellationToken);
    }

    private static TriggerKey KeyOf(string exportId) => new(exportId, "exports");

    /// <summary>What Quartz runs.</summary>
    internal sealed class RunExport(ExportJob job) : IJob
    {
        /// <inheritdoc/>
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
            await job.RunAsync(context.Trigger.Key.Name, cancellationToken);
    }
}
