using System.Runtime.ExceptionServices;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;

namespace HeyGemExport.Jobs;

/// <summary>
/// The Hangfire engine. An export is one Hangfire job for as long as Hangfire keeps that job, however often it is queued again,
/// so that the dashboard shows its whole history in one place.
/// </summary>
internal sealed class HangfireExportQueue(JobStorage storage, IBackgroundJobClientV2 jobs) : IExportQueue
{
    /// <summary>The name of the queue on the dashboard.</summary>
    public const string Name = "exports";

    private const string JobField = "job";

    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Longer than Hangfire keeps a job that has ended (a day).</summary>
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(7);

    private static readonly AsyncLocal<bool> Following = new();

    /// <summary>
    /// Changes a record as the dashboard is about to change its job, and leaves the job alone: whoever calls holds its lock.
    /// Blocks, as all of Hangfire's own interfaces do.
    /// </summary>
    public static T Follow<T>(Func<Task<T>> change)
    {
        Following.Value = true;
        try
        {
            return Task.Run(change).GetAwaiter().GetResult();
        }
        finally
        {
            Following.Value = false;
        }
    }

    public Task EnqueueAsync(string exportId, CancellationToken cancellationToken) => ChangeAsync(() => Enqueue(exportId), cancellationToken);

    public Task CancelAsync(string exportId, CancellationToken cancellationToken) => ChangeAsync(() => Delete(exportId), cancellationToken);

    // Hangfire's storage blocks, and with PostgreSQL it waits for the network.
    private static async Task ChangeAsync(Action change, CancellationToken cancellationToken)
    {
        if (Following.Value)
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

    private void Enqueue(string exportId)
    {
        using var connection = storage.GetConnection();
        using var alone = connection.AcquireDistributedLock(KeyOf(exportId), LockTimeout);
        var queued = new EnqueuedState(Name);
        if (FindJob(connection, exportId) is { } known && connection.GetStateData(known)?.Name is { } state && (IsLive(state) || jobs.ChangeState(known, queued)))
        {
            return;
        }

        var job = jobs.Create<HangfireExportRun>(run => run.RunAsync(exportId, CancellationToken.None), queued);
        Remember(connection, exportId, job);
    }

    private void Delete(string exportId)
    {
        using var connection = storage.GetConnection();
        if (FindJob(connection, exportId) is { } job)
        {
            jobs.ChangeState(job, new DeletedState { Reason = "Cancelled in the app" });
        }
    }

    private static string? FindJob(IStorageConnection connection, string exportId) =>
        connection.GetAllEntriesFromHash(KeyOf(exportId))?.GetValueOrDefault(JobField);

    private static void Remember(IStorageConnection connection, string exportId, string job)
    {
        using var transaction = (JobStorageTransaction)connection.CreateWriteTransaction();
        transaction.SetRangeInHash(
            KeyOf(exportId),
            new Dictionary<string, string>(StringComparer.Ordinal) { [JobField] = job });
        transaction.ExpireHash(KeyOf(exportId), KeepFor);
        transaction.Commit();
    }

    private static bool IsLive(string state) =>
        string.Equals(state, EnqueuedState.StateName, StringComparison.Ordinal) || string.Equals(state, ProcessingState.StateName, StringComparison.Ordinal);

    private static string KeyOf(string exportId) => "export:" + exportId;
}
