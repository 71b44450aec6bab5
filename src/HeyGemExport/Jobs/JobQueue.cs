using System.Runtime.ExceptionServices;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using HeyGemExport.Data;

namespace HeyGemExport.Jobs;

internal interface IJobQueue
{
    /// <summary>Runs a record as soon as a worker is free. May deliver more than once; the record is claimed once.</summary>
    Task EnqueueAsync<TJob>(string id, CancellationToken cancellationToken)
        where TJob : IRecordJob;

    /// <summary>Takes a record from the queue, or interrupts it where it runs. Harmless when it does neither.</summary>
    Task CancelAsync<TJob>(string id, CancellationToken cancellationToken)
        where TJob : IRecordJob;

    /// <summary>Enqueues those of these records that the engine does not know of, or no longer.</summary>
    /// <param name="condition">As SQL, of the record's table.</param>
    Task EnqueueLostAsync<TJob>(string condition, CancellationToken cancellationToken)
        where TJob : IRecordJob;

    Task TriggerAsync<TJob>(CancellationToken cancellationToken)
        where TJob : IRecurringJob;
}

/// <summary>Hangfire's queues. A record is one Hangfire job for as long as Hangfire keeps that job, however often it is queued again, so
/// that the dashboard shows its whole history in one place. The record remembers its job.</summary>
internal sealed class JobQueue(JobStore store, IBackgroundJobClientV2 jobs, Database database, TimeProvider time) : IJobQueue
{
    /// <summary>How long the job of a new record may take to be created, in milliseconds.</summary>
    private const long Creating = 2000;

    /// <summary>The queue of short work; features with long work have queues and workers of their own.</summary>
    public const string Default = EnqueuedState.DefaultQueue;

    private static readonly AsyncLocal<string?> Following = new();

    /// <summary>What a process before this one was creating is lost at once.</summary>
    private readonly DateTimeOffset started = time.GetUtcNow();

    /// <summary>Changes a record as the dashboard is about to change its job, and leaves the job alone: whoever calls holds its lock.
    /// Blocks, as all of Hangfire's own interfaces do.</summary>
    public static T Follow<T>(string id, Func<Task<T>> change)
    {
        Following.Value = id;
        try
        {
            return Task.Run(change).GetAwaiter().GetResult();
        }
        finally
        {
            Following.Value = null;
        }
    }

    public async Task EnqueueAsync<TJob>(string id, CancellationToken cancellationToken)
        where TJob : IRecordJob
    {
        if (IsFollowed(id))
        {
            return;
        }

        var known = await FindJobAsync<TJob>(id, cancellationToken);
        var queued = new EnqueuedState(TJob.Queue);
        if (known is not null && await CallAsync(() => TryRequeue(known, queued), cancellationToken))
        {
            return;
        }

        var run = Job.FromExpression<RecordRun<TJob>>(run => run.RunAsync(id, CancellationToken.None), TJob.Queue);
        var created = await CallAsync(() => jobs.Create(run, queued, parameters: null), cancellationToken);

        // Of two who create a job at once the record remembers the first; the other one finds that there is nothing to do.
        await database.ExecuteAsync(
            $"UPDATE {TJob.Table} SET job_id = @created WHERE id = @id AND COALESCE(job_id, '') = COALESCE(@known, '')",
            new { id, created, known }, CancellationToken.None);
    }

    public async Task CancelAsync<TJob>(string id, CancellationToken cancellationToken)
        where TJob : IRecordJob
    {
        if (!IsFollowed(id) && await FindJobAsync<TJob>(id, cancellationToken) is { } job)
        {
            await CallAsync(() => jobs.ChangeState(job, new DeletedState { Reason = "Cancelled in the app" }), cancellationToken);
        }
    }

    public async Task EnqueueLostAsync<TJob>(string condition, CancellationToken cancellationToken)
        where TJob : IRecordJob
    {
        var records = await database.QueryAsync<(string Id, string? Job)>(
            $"""
            SELECT id, job_id FROM {TJob.Table}
            WHERE ({condition}) AND (job_id IS NOT NULL OR created_at < @started
                OR created_at NOT BETWEEN {database.Clock} - @Creating AND {database.Clock})
            """,
            new { Now = time.GetUtcNow(), Creating, started }, cancellationToken);
        var given = records.Select(record => record.Job).OfType<string>().ToList();
        var live = await CallAsync(() => store.FindLive(given), cancellationToken);
        foreach (var (id, job) in records)
        {
            if (job is null || !live.Contains(job))
            {
                await EnqueueAsync<TJob>(id, cancellationToken);
            }
        }
    }

    public Task TriggerAsync<TJob>(CancellationToken cancellationToken)
        where TJob : IRecurringJob => CallAsync(
            () => jobs.Enqueue<RecurringRun<TJob>>(run => run.RunAsync(CancellationToken.None)), cancellationToken);

    // Hangfire's storage blocks, and with PostgreSQL it waits for the network.
    private static async Task<T> CallAsync<T>(Func<T> call, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(call, cancellationToken);
        }
        catch (BackgroundJobClientException exception) when (exception.InnerException is { } cause)
        {
            // The rest of the app knows the faults of a database, and not the engine's wrapping of them.
            ExceptionDispatchInfo.Throw(cause);
            throw;
        }
    }

    private static bool IsFollowed(string id) => string.Equals(id, Following.Value, StringComparison.Ordinal);

    private Task<string?> FindJobAsync<TJob>(string id, CancellationToken cancellationToken)
        where TJob : IRecordJob => database.FirstAsync<string>(
            $"SELECT job_id FROM {TJob.Table} WHERE id = @id", new { id }, cancellationToken);

    /// <returns>False when Hangfire does not keep the job any more.</returns>
    private bool TryRequeue(string job, EnqueuedState queued)
    {
        if (store.StateOf(job) is not { } state)
        {
            return false;
        }

        if (!JobStore.IsWaitingOrRunning(state))
        {
            // Where somebody else changes it first, it is queued, too.
            jobs.ChangeState(job, queued, expectedState: state);
        }

        return true;
    }
}
