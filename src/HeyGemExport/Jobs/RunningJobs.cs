using Hangfire;
using Hangfire.Server;
using HeyGemExport.Data;

namespace HeyGemExport.Jobs;

/// <summary>What runs here, so that it can be stopped at once instead of at Hangfire's next look at its storage.</summary>
internal sealed class RunningJobs
{
    private readonly Lock gate = new();
    private readonly List<Run> runs = [];

    public int Count(string queue)
    {
        lock (gate)
        {
            return runs.Count(run => string.Equals(run.Queue, queue, StringComparison.Ordinal));
        }
    }

    public Run Begin(string id, string queue, CancellationToken cancellationToken)
    {
        var run = new Run(this, id, queue, cancellationToken);
        lock (gate)
        {
            runs.Add(run);
        }

        return run;
    }

    public void Stop(string id)
    {
        lock (gate)
        {
            foreach (var run in runs.Where(run => string.Equals(run.Id, id, StringComparison.Ordinal)))
            {
                run.Stop();
            }
        }
    }

    public sealed class Run(RunningJobs owner, string id, string queue, CancellationToken cancellationToken) : IDisposable
    {
        private readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        public string Id => id;

        public string Queue => queue;

        public CancellationToken Token => stop.Token;

        public bool WasStopped { get; private set; }

        public void Dispose()
        {
            lock (owner.gate)
            {
                owner.runs.Remove(this);
            }

            stop.Dispose();
        }

        internal void Stop()
        {
            WasStopped = true;

            // Elsewhere, since what waits for the token may go on at once and end the run, which needs the gate.
            _ = stop.CancelAsync();
        }
    }
}

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
