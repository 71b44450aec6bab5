using System.Collections.Concurrent;
using HeyGemExport.Data;

namespace HeyGemExport.Jobs;

/// <summary>This process, as it signs the records that it works on.</summary>
internal sealed class JobNode
{
    public string Name { get; } = $"{Environment.MachineName}/{Guid.NewGuid():N}";
}

internal readonly record struct JobProgress(long DoneBytes, int DoneFiles = 0, double? BytesPerSecond = null);

/// <summary>A table of records that are worked on in the background, with the columns <c>id</c>, <c>state</c>, <c>claimed_by</c>,
/// <c>heartbeat_at</c>, <c>attempts</c>, <c>started_at</c>, <c>finished_at</c> and <c>error_json</c>.</summary>
/// <param name="Running">All states in which a worker has it, as SQL.</param>
/// <param name="Retryable">The states from which it can be queued again, as SQL.</param>
/// <param name="Progress">What a heartbeat writes of <c>@DoneBytes</c>, <c>@DoneFiles</c> and <c>@Speed</c>.</param>
internal sealed record JobTable(
    string Name, string Claimed, string Running, string Retryable, string Progress, string OnClaim = "", string OnRetry = "");

/// <summary>The changes of state that all records of background work have in common: queued → running → ended. One conditional update each,
/// so that of two who want to change a record one wins and the other learns that it did not.</summary>
internal abstract class JobRecords(Database database, JobNode node, TimeProvider time, JobTable table)
{
    public static readonly TimeSpan HeartbeatTimeout = TimeSpan.FromMinutes(1);

    // Claims that could not be released because the database was away, and whether the service had stopped them.
    private readonly ConcurrentDictionary<string, bool> unreleased = new(StringComparer.Ordinal);

    public string Node => node.Name;

    protected Database Database => database;
    protected DateTimeOffset Now => time.GetUtcNow();

    public Task<bool> ClaimAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        $"""
        UPDATE {table.Name}
        SET state = '{table.Claimed}', claimed_by = @Node, heartbeat_at = @Now, started_at = @Now, attempts = attempts + 1 {table.OnClaim}
        WHERE id = @id AND state = 'queued'
        """,
        new { id, Node, Now },
        cancellationToken);

    /// <summary>Keeps the claim, and the figures for other nodes.</summary>
    public Task<bool> HeartbeatAsync(string id, JobProgress progress, CancellationToken cancellationToken) => ChangeAsync(
        $"""
        UPDATE {table.Name} SET heartbeat_at = @Now, {table.Progress}
        WHERE id = @id AND claimed_by = @Node AND state IN ({table.Running})
        """,
        new { id, Node, Now, progress.DoneBytes, progress.DoneFiles, Speed = (long?)progress.BytesPerSecond },
        cancellationToken);

    public Task<bool> FailAsync(string id, string errorJson, CancellationToken cancellationToken) => ChangeAsync(
        $"""
        UPDATE {table.Name} SET state = 'failed', error_json = @errorJson, finished_at = @Now, claimed_by = NULL
        WHERE id = @id AND (state = 'queued' OR (state IN ({table.Running}) AND claimed_by = @Node))
        """,
        new { id, Node, Now, errorJson },
        cancellationToken);

    /// <summary>queued or running → cancelled. The worker that has it releases its claim when it has stopped.</summary>
    public Task<bool> CancelAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        $"UPDATE {table.Name} SET state = 'cancelled', finished_at = @Now WHERE id = @id AND state IN ('queued', {table.Running})",
        new { id, Now },
        cancellationToken);

    /// <returns>Whether it is queued; not when it is in another state, or a live record has the same content.</returns>
    public async Task<bool> RetryAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await ChangeAsync(
                $"""
                UPDATE {table.Name}
                SET state = 'queued', attempts = 0, error_json = NULL, finished_at = NULL, claimed_by = NULL {table.OnRetry}
                WHERE id = @id AND state IN ({table.Retryable})
                """,
                new { id, Now },
                cancellationToken);
        }
        catch (Exception exception) when (DatabaseErrors.IsDuplicate(exception))
        {
            return false;
        }
    }

    /// <summary>Gives this process's claim back: what is not ended is queued again.</summary>
    /// <param name="stopped">Whether the run was stopped from outside: then the attempt does not count.</param>
    public async Task<bool> ReleaseAsync(string id, bool stopped, CancellationToken cancellationToken)
    {
        unreleased[id] = stopped;
        var state = await database.FirstAsync<string>(
            $"""
            UPDATE {table.Name}
            SET state = CASE WHEN state IN ({table.Running}) THEN 'queued' ELSE state END,
                attempts = attempts - CASE WHEN state IN ({table.Running}) THEN @Uncounted ELSE 0 END,
                claimed_by = NULL
            WHERE id = @id AND claimed_by = @Node AND state IN ('cancelled', {table.Running})
            RETURNING state
            """,
            new { id, Node, Uncounted = stopped ? 1 : 0 },
            cancellationToken);
        unreleased.TryRemove(id, out _);
        return state is "queued";
    }

    public async Task<int> RequeueOrphansAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, stopped) in unreleased)
        {
            await ReleaseAsync(id, stopped, cancellationToken);
        }

        // A SQLite file belongs to one process, so whatever another one has claimed is orphaned at once.
        var stale = database.IsSqlite ? DateTimeOffset.MaxValue : Now - HeartbeatTimeout;
        const string Orphaned = "claimed_by <> @Node AND heartbeat_at < @stale";
        await database.ExecuteAsync(
            $"UPDATE {table.Name} SET claimed_by = NULL WHERE state = 'cancelled' AND {Orphaned}", new { Node, stale }, cancellationToken);
        return await database.ExecuteAsync(
            $"UPDATE {table.Name} SET state = 'queued', claimed_by = NULL WHERE state IN ({table.Running}) AND {Orphaned}",
            new { Node, stale }, cancellationToken);
    }

    protected async Task<bool> ChangeAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(sql, parameters, cancellationToken) == 1;
}
