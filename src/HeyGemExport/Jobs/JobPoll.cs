using Hangfire.Client;
using Hangfire.Common;
using Hangfire.Server;
using Hangfire.States;

namespace HeyGemExport.Jobs;

/// <summary>Looks into PostgreSQL for the jobs that nobody is told of: of a worker that is gone, and those whose time has come. One
/// statement does it for all workers and schedulers of the node.</summary>
internal sealed class JobPoll(JobStore store, IJobFilterProvider filters) : IBackgroundProcess
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly DelayedJobScheduler scheduled = new(TimeSpan.FromMilliseconds(1), new BackgroundJobStateChanger(filters));
    private readonly RecurringJobScheduler recurring = new(new BackgroundJobFactory(filters), TimeSpan.FromMilliseconds(1));

    public void Execute(BackgroundProcessContext context)
    {
        var due = store.WakeForDue();
        if (due.Scheduled)
        {
            scheduled.Execute(context);
        }

        if (due.Recurring)
        {
            recurring.Execute(context);
        }

        context.Wait(Interval);
    }
}
