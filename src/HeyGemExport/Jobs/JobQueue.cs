using System.Runtime.ExceptionServices;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace HeyGemExport.Jobs;

internal interface IJobQueue
{
    /// <summary>Runs a record as soon as a worker is free. May deliver more than once; the record is claimed once.</summary>
    Task EnqueueAsync<TJob>(string id, CancellationToken cancellationToken)
        where TJob : IRecordJob;

    /// <summary>Takes a record from the queue, or interrupts it where it runs. Harmless when it does neither.</summary>
    Task CancelAsync(string id, CancellationToken cancellationToken);

    Task TriggerAsync<TJob>(CancellationToken cancellationToken)
        where TJob : IRecurringJob;
}

/// <summary>Hangfire's queues. A record is one Hangfire job for as long as Hangfire keeps that job, however often it is queued again, so
/// that the dashboard shows its whole history in one place.</summary>
internal sealed class JobQueue(JobStorage storage, IBackgroundJobClientV2 jobs) : IJobQueue
{
    /// <summary>The queue of short work; features with long work have queues and workers of their own.</summary>
    public const string Default = EnqueuedState.DefaultQueue;

    private const string JobField = "job";

    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Longer than Hangfire keeps a job that has ended (a day).</summary>
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(7);

    private static readonly AsyncLocal<string?> Following = new();

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

    public Task EnqueueAsync<TJob>(string id, CancellationToken cancellationToken)
        where TJob : IRecordJob => ChangeAsync(id, () => Enqueue<TJob>(id), cancellationToken);

    public Task CancelAsync(string id, CancellationToken cancellationToken) => ChangeAsync(id, () => Delete(id), cancellationToken);

    public Task TriggerAsync<TJob>(CancellationToken cancellationToken)
        where TJob : IRecurringJob => ChangeAsync(
            id: null, () => jobs.Enqueue<RecurringRun<TJob>>(run => run.RunAsync(CancellationToken.None)), cancellationToken);

    // Hangfire's storage blocks, and with PostgreSQL it waits for the network.
    private static async Task ChangeAsync(string? id, Action change, CancellationToken cancellationToken)
    {
        if (id is not null && string.Equals(id, Following.Value, StringComparison.Ordinal))
        {
            return;
        }

        try
        {
            await Task.Run(change, cancellationToken);
        }
        catch (BackgroundJobClientException exception) when (exception.InnerException is { } cause)
        {
            // The rest of the app knows the faults of a database, and not the engine's wrapping of them.
            ExceptionDispatchInfo.Throw(cause);
        }
    }

    private void Enqueue<TJob>(string id)
        where TJob : IRecordJob
    {
        using var connection = storage.GetConnection();
        using var alone = connection.AcquireDistributedLock(KeyOf(id), LockTimeout);
        var queued = new EnqueuedState(TJob.Queue);
        if (FindJob(connection, id) is { } known && connection.GetStateData(known)?.Name is { } state
            && (IsLive(state) || jobs.ChangeState(known, queued)))
        {
            return;
        }

        var run = Job.FromExpression<RecordRun<TJob>>(run => run.RunAsync(id, CancellationToken.None), TJob.Queue);
        Remember(connection, id, jobs.Create(run, queued, parameters: null));
    }

    private void Delete(string id)
    {
        using var connection = storage.GetConnection();
        if (FindJob(connection, id) is { } job)
        {
            jobs.ChangeState(job, new DeletedState { Reason = "Cancelled in the app" });
        }
    }

    private static string? FindJob(IStorageConnection connection, string id) =>
        connection.GetAllEntriesFromHash(KeyOf(id))?.GetValueOrDefault(JobField);

    private static void Remember(IStorageConnection connection, string id, string job)
    {
        using var transaction = (JobStorageTransaction)connection.CreateWriteTransaction();
        transaction.SetRangeInHash(KeyOf(id), new Dictionary<string, string>(StringComparer.Ordinal) { [JobField] = job });
        transaction.ExpireHash(KeyOf(id), KeepFor);
        transaction.Commit();
    }

    private static bool IsLive(string state) =>
        string.Equals(state, EnqueuedState.StateName, StringComparison.Ordinal)
            || string.Equals(state, ProcessingState.StateName, StringComparison.Ordinal);

    private static string KeyOf(string id) => "record:" + id;
}
