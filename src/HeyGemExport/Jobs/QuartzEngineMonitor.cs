using HeyGemExport.Exports;
using Microsoft.Extensions.Options;
using Quartz;

namespace HeyGemExport.Jobs;

/// <summary>How Quartz is doing.</summary>
public sealed class QuartzEngineMonitor(ISchedulerFactory schedulers, IOptions<ExportOptions> options) : IEngineMonitor
{
    /// <inheritdoc/>
    public async Task<EngineStatus> AskAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var running = await scheduler.QueryFireInstances(new FireInstanceQuery(), cancellationToken);
        return new EngineStatus(scheduler.Status == SchedulerStatus.Running, options.Value.Workers, running.Items.Count);
    }
}
