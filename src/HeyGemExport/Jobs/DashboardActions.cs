using Hangfire.States;
using Hangfire.Storage;
using HeyGemExport.Accounts;
using HeyGemExport.Exports;

namespace HeyGemExport.Jobs;

/// <summary>
/// Carries to the record what somebody does on the dashboard: deleting a job cancels its export, queueing it again retries it.
/// The record first, and by whoever is signed in; a change that the record does not take does not happen to the job either.
/// </summary>
internal sealed class DashboardActions(IHttpContextAccessor requests, RunningExports running) : IElectStateFilter, IApplyStateFilter
{
    public void OnStateElection(ElectStateContext context)
    {
        if (requests.HttpContext is not { } request || request.GetEndpoint()?.Metadata.GetMetadata<DashboardEndpoint>() is null
            || ExportOf(context.BackgroundJob) is not { } exportId)
        {
            return;
        }

        var exports = request.RequestServices.GetRequiredService<ExportService>();
        var caller = Caller.Of(request);
        switch (context.CandidateState)
        {
            case DeletedState:
                HangfireExportQueue.Follow(() => exports.CancelAsync(exportId, caller, CancellationToken.None));
                break;
            case EnqueuedState queued:
                // The dashboard would put it into the queue that Hangfire calls "default", which no worker looks at.
                queued.Queue = HangfireExportQueue.Name;
                if (Refusal(HangfireExportQueue.Follow(() => exports.RetryAsync(exportId, caller, CancellationToken.None))) is { } refusal)
                {
                    context.CandidateState = new FailedState(new ExportFailedException(refusal)) { Reason = refusal };
                }

                break;
        }
    }

    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        if (string.Equals(context.OldStateName, ProcessingState.StateName, StringComparison.Ordinal)
            && context.NewState is DeletedState or EnqueuedState
            && ExportOf(context.BackgroundJob) is { } exportId)
        {
            running.Stop(exportId);
        }
    }

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
    }

    private static string? ExportOf(Hangfire.BackgroundJob job) =>
        job.Job?.Type == typeof(HangfireExportRun) ? job.Job.Args[0] as string : null;

    /// <summary>Why the export cannot run again; null when it can, or when running it again would do nothing.</summary>
    private static string? Refusal(RetryExportResult result) => result switch
    {
        RetryExportResult.AlreadyLive twin => $"Export {twin.Live.Id} has the same content.",
        RetryExportResult.Refused refused => refused.Error.Code,
        RetryExportResult.NotFound => "There is no such export any more.",
        _ => null,
    };
}

/// <summary>Marks the requests of the dashboard.</summary>
internal sealed class DashboardEndpoint;
