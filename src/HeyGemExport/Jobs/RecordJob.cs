using System.Collections.Concurrent;
using HeyGemExport.Accounts;
using HeyGemExport.Data;

namespace HeyGemExport.Jobs;

internal interface IJobRecord
{
    string Id { get; }

    /// <summary>How often it has been begun, without the runs that the service stopped.</summary>
    int Attempts { get; }
}

internal sealed class JobInterruptedException() : Exception("The process ended each time while this ran.");

/// <summary>Runs a record from claim to end, however often it is asked to: claims it, keeps the claim alive, stops when the record is no
/// longer its own, and gives it back when the service stops or the database is away.</summary>
internal abstract partial class RecordJob<TRecord>(JobRecords records, ProgressBoard board, TimeProvider time, ILogger log)
    where TRecord : class, IJobRecord
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(1);

    /// <summary>When to look again at what another worker has, or what could not be read.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    // A record that was cancelled and is retried at once: its former run may still be cleaning up.
    private readonly ConcurrentDictionary<string, TaskCompletionSource> running = new(StringComparer.Ordinal);

    /// <summary>How often a record is begun before it counts as one that takes the process down with it.</summary>
    protected abstract int AttemptLimit { get; }

    protected TimeProvider Time => time;

    public virtual async Task<JobOutcome> RunAsync(string id, CancellationToken cancellationToken)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (running.GetOrAdd(id, over) is var first && first != over)
        {
            await first.Task.WaitAsync(cancellationToken);
        }

        try
        {
            return await records.ClaimAsync(id, cancellationToken) || await records.TakeOverAsync(id, cancellationToken)
                ? await RunClaimedAsync(id, cancellationToken)
                : await OutcomeAsync(id, cancellationToken);
        }
        finally
        {
            running.TryRemove(id, out _);
            over.SetResult();
        }
    }

    protected abstract Task<TRecord?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Does the work and records its end; null when the record turned out to be no longer its own.</summary>
    protected abstract Task<JobOutcome?> WorkAsync(TRecord record, CancellationToken cancellationToken);

    /// <summary>Records that it failed, and why; null when the record turned out to be no longer its own.</summary>
    protected abstract Task<JobOutcome?> FailAsync(TRecord record, Exception exception, CancellationToken cancellationToken);

    protected abstract JobOutcome? EndOf(TRecord record);

    /// <summary>Asks a database that is away again and again: for work that is worth more than the worker's time.</summary>
    protected Task<T> PatientlyAsync<T>(string id, Func<Task<T>> ask, CancellationToken cancellationToken) =>
        DatabaseRetry.UntilAvailableAsync(ask, exception => Log.DatabaseAway(log, id, exception.Message), time, cancellationToken);

    protected Task PatientlyAsync(string id, Func<Task> ask, CancellationToken cancellationToken) => PatientlyAsync(
        id,
        async () =>
        {
            await ask();
            return true;
        },
        cancellationToken);

    private async Task<JobOutcome> RunClaimedAsync(string id, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var finished = new CancellationTokenSource();
        var heartbeat = KeepClaimAsync(id, stop, finished.Token);
        JobOutcome? outcome;
        try
        {
            outcome = await TryAsync(id, stop, cancellationToken);
        }
        finally
        {
            await finished.CancelAsync();
            await heartbeat;
            board.End(id);
        }

        return outcome ?? await ReleaseAsync(id, stop.IsCancellationRequested);
    }

    private async Task<JobOutcome?> TryAsync(string id, CancellationTokenSource stop, CancellationToken cancellationToken)
    {
        TRecord? record = null;
        try
        {
            record = await PatientlyAsync(id, () => FindAsync(id, stop.Token), stop.Token);
            return record is null ? null
                : record.Attempts > AttemptLimit ? throw new JobInterruptedException()
                : await WorkAsync(record, stop.Token);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // Whatever breaks meanwhile may be the stop's own doing; what is not, the next run finds again.
            return null;
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            Log.DatabaseAway(log, id, exception.Message);
            return null;
        }
        catch (Exception exception) when (record is not null)
        {
            return await TryFailAsync(record, exception, cancellationToken);
        }
    }

    private async Task<JobOutcome?> TryFailAsync(TRecord record, Exception exception, CancellationToken cancellationToken)
    {
        try
        {
            return await FailAsync(record, exception, cancellationToken);
        }
        catch (Exception fault) when (DatabaseErrors.IsUnavailable(fault) || cancellationToken.IsCancellationRequested)
        {
            Log.DatabaseAway(log, record.Id, fault.Message);
            return null;
        }
    }

    private async Task KeepClaimAsync(string id, CancellationTokenSource stop, CancellationToken finished)
    {
        using var timer = new PeriodicTimer(HeartbeatInterval, time);

        // A wait that is cancelled would write a stack trace with line numbers, which takes two megabytes.
        await using var end = finished.Register(timer.Dispose);
        try
        {
            while (await timer.WaitForNextTickAsync(CancellationToken.None))
            {
                try
                {
                    if (!await records.HeartbeatAsync(id, board.Find(id) ?? default, finished))
                    {
                        await stop.CancelAsync();
                        return;
                    }
                }
                catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
                {
                    // A database that is away for a moment is no reason to throw hours of work away.
                    Log.DatabaseAway(log, id, exception.Message);
                }
            }
        }
        catch (OperationCanceledException) when (finished.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    private async Task<JobOutcome> ReleaseAsync(string id, bool stopped)
    {
        try
        {
            if (!await records.ReleaseAsync(id, stopped, CancellationToken.None))
            {
                return await OutcomeAsync(id, CancellationToken.None);
            }

            Log.Released(log, id);
            return new JobOutcome.Again(Pause, "Interrupted");
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            Log.DatabaseAway(log, id, exception.Message);
            return new JobOutcome.Again(Pause, exception.Message);
        }
    }

    private async Task<JobOutcome> OutcomeAsync(string id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is not { } record ? new JobOutcome.Done("There is no such record.")
        : EndOf(record) ?? new JobOutcome.Again(Pause, "Another worker has it");

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "任务中断, 已重新排队: {Id}")]
        public static partial void Released(ILogger logger, string id);

        [LoggerMessage(Level = LogLevel.Warning, Message = "数据库暂时不可用, 任务 {Id}: {Reason}")]
        public static partial void DatabaseAway(ILogger logger, string id, string reason);
    }
}

/// <summary>What a feature has done in the background for a record. The engine is given only its id: the record is the truth.</summary>
internal interface IRecordJob
{
    /// <summary>The table of its records, with the columns <c>id</c> and <c>job_id</c>.</summary>
    static abstract string Table { get; }

    /// <summary>Made by <see cref="JobsRegistration.AddJobQueue"/>, or <see cref="JobQueue.Default"/>.</summary>
    static abstract string Queue { get; }

    /// <summary>Does the work. May be asked more than once, also at the same time: who claims the record does it.</summary>
    Task<JobOutcome> RunAsync(string id, CancellationToken cancellationToken);

    /// <summary>What the dashboard says about it, in the language of the request; null when there is no such record any more.</summary>
    Task<JobDescription?> DescribeAsync(string id, CancellationToken cancellationToken);

    Task CancelAsync(string id, Caller caller, CancellationToken cancellationToken);

    /// <summary>Somebody queues the job again on the dashboard: queues a record that has ended again.</summary>
    /// <returns>Why it cannot run again; null when it can, or when another run would do nothing.</returns>
    Task<string?> RetryAsync(string id, Caller caller, CancellationToken cancellationToken);
}

/// <summary>Work that is done at start and then again and again, by one of the nodes.</summary>
internal interface IRecurringJob
{
    static abstract string Id { get; }

    /// <summary>More often where something waits for it; some fifty statements each time.</summary>
    static virtual int EveryMinutes => 10;

    string Name { get; }

    bool IsNeeded => true;

    /// <summary>Does it. A database that is away is reported by its exception, and it is tried again in seconds.</summary>
    Task RunAsync(CancellationToken cancellationToken);

    /// <summary>The part that cannot wait for the next run. Every node does it each <see cref="RecurringJobs.RecoveryInterval"/>, so it
    /// should cost one statement where there is nothing to do.</summary>
    Task RecoverAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

internal abstract record JobOutcome
{
    public sealed record Done(string Result) : JobOutcome;

    public sealed record Failed(string Reason) : JobOutcome;

    public sealed record Cancelled : JobOutcome;

    public sealed record Again(TimeSpan After, string Reason) : JobOutcome;
}

/// <param name="Link">Its page, from the app's root.</param>
/// <param name="Progress">0 to 1 while it runs.</param>
internal sealed record JobDescription(string Name, string State, string Link, double? Progress = null);
