using Hangfire;
using Hangfire.Server;
using Hangfire.States;

namespace HeyGemExport.Jobs;

/// <summary>Hangfire plans by the clock: when that is set back by a day, what recurs each minute and what was to run again in seconds would
/// wait for a day. Then all of it is planned anew.</summary>
internal sealed partial class ClockWatch(
    JobStorage storage, IBackgroundJobClientV2 jobs, IRecurringJobManagerV2 recurring, IEnumerable<RecurringJobRegistration> registrations,
    IServiceProvider services, TimeProvider time, ILogger<ClockWatch> log) : IBackgroundProcess
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>More than a clock is corrected by at once while it runs.</summary>
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(10);

    private const int MostAtOnce = 1000;

    private DateTimeOffset clock = time.GetUtcNow();
    private long moment = time.GetTimestamp();

    public void Execute(BackgroundProcessContext context)
    {
        if (HasBeenSetBack() is var by && by > Jump)
        {
            Log.SetBack(log, by);
            PlanAnew();
        }

        context.Wait(Pause);
    }

    private TimeSpan HasBeenSetBack()
    {
        var by = time.GetElapsedTime(moment) - (time.GetUtcNow() - clock);
        (clock, moment) = (time.GetUtcNow(), time.GetTimestamp());
        return by;
    }

    private void PlanAnew()
    {
        foreach (var registration in registrations.Where(
            registration => ((IRecurringJob)services.GetRequiredService(registration.Type)).IsNeeded))
        {
            // One that is only updated keeps the time of its next run.
            recurring.RemoveIfExists(registration.Id);
            recurring.AddOrUpdate(registration.Id, registration.Run, registration.Cron, new());
        }

        // What is not yet due looks at its record, and is scheduled again.
        foreach (var (id, _) in storage.GetMonitoringApi().ScheduledJobs(0, MostAtOnce))
        {
            jobs.ChangeState(id, new EnqueuedState(), ScheduledState.StateName);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "系统时钟被调回 {By}, 后台任务已重新安排")]
        public static partial void SetBack(ILogger logger, TimeSpan by);
    }
}
