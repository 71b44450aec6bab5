using HeyGemExport.Data;
using HeyGemExport.Jobs;

namespace HeyGemExport.Exports.Retention;

/// <summary>Which archives are being sent right now, so that none is removed under a download: those of this process, and where nodes share
/// a database also those of the others.</summary>
internal sealed partial class ActiveDownloads(
    Database database, JobNode node, TimeProvider time, ILogger<ActiveDownloads> log) : IAsyncDisposable
{
    /// <summary>How long another node leaves an archive alone after it last heard that it is being sent.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan RenewInterval = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly Dictionary<string, int> held = new(StringComparer.Ordinal);
    private readonly HashSet<string> retired = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopping = new();
    private Task renewing = Task.CompletedTask;

    public int Total
    {
        get
        {
            lock (gate)
            {
                return held.Values.Sum();
            }
        }
    }

    /// <summary>Holds an archive until the lease is disposed; null when it is being removed.</summary>
    public async Task<IDisposable?> TryAcquireAsync(string exportId, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (retired.Contains(exportId))
            {
                return null;
            }

            held[exportId] = held.GetValueOrDefault(exportId) + 1;
        }

        var lease = new Lease(this, exportId);
        try
        {
            if (database.IsSqlite || await TellOthersAsync(exportId, cancellationToken))
            {
                return lease;
            }
        }
        catch
        {
            lease.Dispose();
            throw;
        }

        lease.Dispose();
        return null;
    }

    public int Count(string exportId)
    {
        lock (gate)
        {
            return held.GetValueOrDefault(exportId);
        }
    }

    /// <summary>Removes an archive, unless a download of this process holds it; none can begin here while it is being removed.</summary>
    public async Task<bool> RetireAsync(string exportId, Func<Task<bool>> remove)
    {
        lock (gate)
        {
            if (held.ContainsKey(exportId) || !retired.Add(exportId))
            {
                return false;
            }
        }

        try
        {
            return await remove();
        }
        finally
        {
            lock (gate)
            {
                retired.Remove(exportId);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    /// <returns>False when another node has removed it.</returns>
    private async Task<bool> TellOthersAsync(string exportId, CancellationToken cancellationToken)
    {
        var told = await database.InTransactionAsync(
            async session =>
            {
                // The row is locked by the update, so that a node that removes it sees the lease, or this one that it is gone.
                if (await session.ExecuteAsync(
                    "UPDATE exports SET state = state WHERE id = @exportId AND state = 'ready'", new { exportId }) == 0)
                {
                    return false;
                }

                await session.ExecuteAsync(
                    $"""
                    INSERT INTO archive_leases (export_id, node, until) VALUES (@exportId, @Name, {database.Clock} + @Milliseconds)
                    ON CONFLICT (export_id, node) DO UPDATE SET until = excluded.until
                    """,
                    new { exportId, node.Name, Milliseconds = (long)LeaseTime.TotalMilliseconds });
                return true;
            },
            cancellationToken);
        lock (gate)
        {
            if (renewing.IsCompleted)
            {
                renewing = RenewAsync();
            }
        }

        return told;
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(RenewInterval, time);
        while (await timer.WaitForNextTickAsync(stopping.Token))
        {
            try
            {
                string[] ids;
                lock (gate)
                {
                    ids = [.. held.Keys];
                }

                await database.ExecuteAsync(
                    "DELETE FROM archive_leases WHERE node = @Name AND export_id <> ALL(@ids)", new { node.Name, ids }, stopping.Token);
                await database.ExecuteAsync(
                    $"UPDATE archive_leases SET until = {database.Clock} + @Milliseconds WHERE node = @Name",
                    new { node.Name, Milliseconds = (long)LeaseTime.TotalMilliseconds }, stopping.Token);
                if (ids.Length == 0)
                {
                    return;
                }
            }
            catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
            {
                Log.NotRenewed(log, exception.Message);
            }
        }
    }

    private void Release(string exportId)
    {
        lock (gate)
        {
            if (--held[exportId] > 0)
            {
                return;
            }

            held.Remove(exportId);
        }

        if (!database.IsSqlite)
        {
            _ = ForgetAsync(exportId);
        }
    }

    private async Task ForgetAsync(string exportId)
    {
        try
        {
            await database.ExecuteAsync(
                "DELETE FROM archive_leases WHERE node = @Name AND export_id = @exportId", new { node.Name, exportId }, stopping.Token);
        }
        catch (Exception exception)
        {
            // It lapses.
            Log.NotRenewed(log, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "下载占用未能登记: {Reason}")]
        public static partial void NotRenewed(ILogger logger, string reason);
    }

    private sealed class Lease(ActiveDownloads leases, string exportId) : IDisposable
    {
        private int disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref disposed, 1) == 0)
            {
                leases.Release(exportId);
            }
        }
    }
}
