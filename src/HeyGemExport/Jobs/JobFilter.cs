using System.Diagnostics.CodeAnalysis;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using HeyGemExport.Accounts;

namespace HeyGemExport.Jobs;

/// <summary>Keeps jobs and records in step: a job ends as its record did, and what somebody does to a job on the dashboard is done to the
/// record first, as whoever is signed in. A change that the record refuses does not happen to the job either.</summary>
internal sealed class JobFilter(
    IServiceProvider services, IHttpContextAccessor requests, RunningJobs running) : IElectStateFilter, IApplyStateFilter
{
    /// <summary>Recurring jobs would crowd out everything else on the dashboard.</summary>
    private static readonly TimeSpan KeepRecurringFor = TimeSpan.FromMinutes(15);

    public void OnStateElection(ElectStateContext context)
    {
        switch (context.CandidateState)
        {
            case SucceededState { Result: JobOutcome outcome } succeeded:
                context.CandidateState = StateOf(outcome, succeeded);
                break;
            case EnqueuedState queued when context.BackgroundJob.Job is { Queue: { } queue }:
                // The dashboard and the scheduler would put it into the queue that Hangfire calls "default".
                queued.Queue = queue;
                break;
        }

        if (requests.HttpContext is { } request && request.GetEndpoint()?.Metadata.GetMetadata<DashboardEndpoint>() is not null
            && TryFindRecord(context.BackgroundJob.Job, out var job, out var id))
        {
            Follow(context, job, id, Caller.Of(request));
        }
    }

    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        if (string.Equals(context.OldStateName, ProcessingState.StateName, StringComparison.Ordinal)
            && context.NewState is DeletedState or EnqueuedState
            && TryFindRecord(context.BackgroundJob.Job, out _, out var id))
        {
            running.Stop(id);
        }
        else if (IsRunOf(context.BackgroundJob.Job, typeof(RecurringRun<>)))
        {
            context.JobExpirationTimeout = KeepRecurringFor;
        }
    }

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
    }

    /// <summary>The feature's job and the record's id; false when the job runs no record.</summary>
    internal bool TryFindRecord(Job? job, [NotNullWhen(true)] out IRecordJob? feature, [NotNullWhen(true)] out string? id)
    {
        var isRecord = IsRunOf(job, typeof(RecordRun<>));
        feature = isRecord ? (IRecordJob)services.GetRequiredService(job!.Type.GenericTypeArguments[0]) : null;
        id = isRecord ? (string)job!.Args[0] : null;
        return isRecord;
    }

    internal IRecurringJob? FindRecurring(Job? job) =>
        IsRunOf(job, typeof(RecurringRun<>)) ? (IRecurringJob)services.GetRequiredService(job!.Type.GenericTypeArguments[0]) : null;

    private static bool IsRunOf(Job? job, Type run) => job?.Type is { IsGenericType: true } type && type.GetGenericTypeDefinition() == run;

    private static IState StateOf(JobOutcome outcome, SucceededState succeeded) => outcome switch
    {
        JobOutcome.Failed failed => new FailedState(new JobFailedException(failed.Reason)) { Reason = failed.Reason },
        JobOutcome.Cancelled => new DeletedState { Reason = "Cancelled" },
        JobOutcome.Again again => new ScheduledState(again.After) { Reason = again.Reason },
        JobOutcome.Done done => new SucceededState(done.Result, succeeded.Latency, succeeded.PerformanceDuration),
        _ => succeeded,
    };

    private static void Follow(ElectStateContext context, IRecordJob job, string id, Caller caller)
    {
        if (context.CandidateState is DeletedState)
        {
            JobQueue.Follow(id, async () =>
            {
                await job.CancelAsync(id, caller, CancellationToken.None);
                return true;
            });
        }
        else if (context.CandidateState is EnqueuedState
            && JobQueue.Follow(id, () => job.RetryAsync(id, caller, CancellationToken.None)) is { } refusal)
        {
            context.CandidateState = new FailedState(new JobFailedException(refusal)) { Reason = refusal };
        }
    }

    private sealed class JobFailedException(string reason) : Exception(reason);
}

/// <summary>Marks the requests of the dashboard.</summary>
internal sealed class DashboardEndpoint;
