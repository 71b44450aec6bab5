using Hangfire;
using Hangfire.Server;
using HeyGemExport.Data;

namespace HeyGemExport.Jobs;

internal sealed class RecordRun<TJob>(TJob job, RunningJobs running)
    where TJob : IRecordJob
{
    private static readonly TimeSpan PauseWhileAway = TimeSpan.FromSeconds(5);

    [AutomaticRetry(Attempts = 0, LogEvents = false)] // the record owns retries, and the run log has the reason
    public async Task<JobOutcome> RunAsync(string id, CancellationToken cancellationToken)
    {
        using var run = running.Begin(id, TJob.Queue, cancellationToken);
        var outcome = await OutcomeAsync(id, run.Token);
        if (run.WasStopped)
        {
            throw new JobAbortedException();
        }

        cancellationToken.ThrowIfCancellationRequested();
        return outcome;
    }

    private async Task<JobOutcome> OutcomeAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await job.RunAsync(id, cancellationToken);
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            return new JobOutcome.Again(PauseWhileAway, exception.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new JobOutcome.Again(PauseWhileAway, "Stopped");
        }
    }
}

internal sealed class RecurringRun<TJob>(TJob job)
    where TJob : IRecurringJob
{
    [AutomaticRetry(Attempts = 8, DelaysInSeconds = [5], LogEvents = false, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public Task RunAsync(CancellationToken cancellationToken) => job.RunAsync(cancellationToken);
}
