using HeyGemExport.Data;

namespace HeyGemExport.Jobs;

/// <summary>This process, as it signs the records that it works on.</summary>
internal sealed class JobNode
{
    public string Name { get; } = $"{Environment.MachineName}/{Guid.NewGuid():N}";
}

internal readonly record struct JobProgress(long DoneBytes, int DoneFiles = 0, double? BytesPerSecond = null)
{
    /// <summary>As what nodes tell each other of the progress of a table's records.</summary>
    public static string Topic(string table) => table + "-progress";

    public static bool TryParse(string told, out string id, out JobProgress progress)
    {
        var fields = told.Split(' ');
        id = fields[0];
        progress = default;
        if (fields.Length != 4 || !long.TryParse(fields[1], CultureInfo.InvariantCulture, out var bytes)
            || !int.TryParse(fields[2], CultureInfo.InvariantCulture, out var files))
        {
            return false;
        }

        progress = new(bytes, files, double.TryParse(fields[3], CultureInfo.InvariantCulture, out var speed) ? speed : null);
        return true;
    }

    public string Tell(string id) => string.Create(CultureInfo.InvariantCulture, $"{id} {DoneBytes} {DoneFiles} {BytesPerSecond:F0}");
}

/// <summary>A table of records that are worked on in the background, with the columns <c>id</c>, <c>state</c>, <c>claimed_by</c>,
/// <c>claim</c>, <c>heartbeat_at</c>, <c>attempts</c>, <c>started_at</c>, <c>finished_at</c>, <c>error_json</c> and
/// <c>job_id</c>.</summary>
/// <param name="Running">All states in which a worker has it, as SQL.</param>
/// <param name="Retryable">The states from which it can be queued again, as SQL.</param>
/// <param name="Progress">What a heartbeat writes of <c>@DoneBytes</c>, <c>@DoneFiles</c> and <c>@Speed</c>.</param>
internal sealed record JobTable(
    string Name, string Claimed, string Running, string Retryable, string Progress, string OnClaim = "", string OnRetry = "");

/// <summary>A claim that nothing has been heard of for a while.</summary>
/// <param name="HeartbeatAt">Of the database's clock.</param>
internal sealed record SilentClaim(string Id, long Claim, DateTimeOffset HeartbeatAt);

/// <summary>The changes of state that all records of background work have in common: queued → running → ended. One conditional update each,
/// so that of two who want to change a record one wins and the other learns that it did not. All nodes are told of it in the same
/// transaction, with the table as the topic.</summary>
internal abstract class JobRecords(Database database, JobNode node, TimeProvider time, JobTable table)
{
    /// <summary>How long the engine keeps a job for a worker that it does not hear of, before it gives it to another one.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(12);

    /// <summary>Without a heartbeat for so long, whoever is given the job looks whether the worker is still there. Shorter than
    /// <see cref="Lease"/>, so that the first to be given it need not be given it twice.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(8);

    /// <summary>For how long: a database that stood still makes everybody silent, and when it is back each living worker is heard
    /// of.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public string Node => node.Name;

    protected Database Database => database;
    protected DateTimeOffset Now => time.GetUtcNow();

    private string Claiming =>
        $"""
        state = '{table.Claimed}', claimed_by = @Node, claim = claim + 1, heartbeat_at = {database.Clock}, started_at = @Now,
        attempts = attempts + 1 {table.OnClaim}
        """;

    private string IsRunning => $"state IN ({table.Running})";

    /// <summary>Claims a queued record for this process, or one that it has claimed already: it asks only when it does not run
    /// it.</summary>
    public Task<bool> ClaimAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        $"UPDATE {table.Name} SET {Claiming} WHERE id = @id AND (state = 'queued' OR ({IsRunning} AND claimed_by = @Node))",
        new { id, Node, Now },
        cancellationToken);

    /// <summary>Claims a record of which another worker was not heard of any more, and is not within a grace time.</summary>
    public async Task<bool> TakeOverAsync(string id, CancellationToken cancellationToken)
    {
        // A SQLite file belongs to one process: what another one has claimed was queued again at the start.
        if (database.IsSqlite || await FindSilentAsync("id = @id", id, Silence, cancellationToken) is not [var silent])
        {
            return false;
        }

        await Task.Delay(Grace, time, cancellationToken);
        return await ChangeSilentAsync(silent, Claiming, cancellationToken);
    }

    /// <summary>Keeps the claim, and the figures for other nodes.</summary>
    public async Task<bool> HeartbeatAsync(string id, JobProgress progress, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            $"""
            UPDATE {table.Name} SET heartbeat_at = {database.Clock}, {table.Progress} WHERE id = @id AND claimed_by = @Node AND {IsRunning}
            {database.Telling(JobProgress.Topic(table.Name), "@Told")}
            """,
            new
            {
                id, Node, Now, progress.DoneBytes, progress.DoneFiles, Speed = (long?)progress.BytesPerSecond, Told = progress.Tell(id),
            },
            cancellationToken) == 1;

    public Task<bool> FailAsync(string id, string errorJson, CancellationToken cancellationToken) => ChangeAsync(
        $"""
        UPDATE {table.Name} SET state = 'failed', error_json = @errorJson, finished_at = @Now, claimed_by = NULL
        WHERE id = @id AND (state = 'queued' OR ({IsRunning} AND claimed_by = @Node))
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
    public async Task<bool> ReleaseAsync(string id, bool stopped, CancellationToken cancellationToken) =>
        await database.FirstAsync<string>(
            $"""
            UPDATE {table.Name}
            SET state = CASE WHEN {IsRunning} THEN 'queued' ELSE state END,
                attempts = attempts - CASE WHEN {IsRunning} THEN @Uncounted ELSE 0 END,
                claimed_by = NULL
            WHERE id = @id AND claimed_by = @Node AND state IN ('cancelled', {table.Running})
            RETURNING state {(database.IsSqlite ? "" : ", " + PostgreSql.Tell($"'{table.Name} ' || id"))}
            """,
            new { id, Node, Uncounted = stopped ? 1 : 0 },
            cancellationToken) is "queued";

    /// <summary>Queues again what no worker has any more, and takes the claims of workers that could not give them back off what was
    /// cancelled. The engine gives the work of a dead worker to another one by itself; this is for
    /// what the engine has lost, and for a SQLite file, which belongs to one process: whatever another one has claimed is
    /// orphaned.</summary>
    public async Task<int> RequeueOrphansAsync(CancellationToken cancellationToken)
    {
        const string Orphaned = "state = 'queued', claimed_by = NULL, job_id = NULL";
        await database.ExecuteAsync(
            $"""
            UPDATE {table.Name} SET claimed_by = NULL
            WHERE state = 'cancelled' AND claimed_by IS NOT NULL AND heartbeat_at NOT BETWEEN {Ago("@Silence")} AND {database.Clock}
            """,
            new { Now, Silence = (long)Silence.TotalMilliseconds }, cancellationToken);
        if (database.IsSqlite)
        {
            return await database.ExecuteAsync(
                $"UPDATE {table.Name} SET {Orphaned} WHERE {IsRunning} AND claimed_by <> @Node", new { Node }, cancellationToken);
        }

        var silent = await FindSilentAsync("1 = 1", id: "", 4 * Lease, cancellationToken);
        if (silent.Count == 0)
        {
            return 0;
        }

        await Task.Delay(Grace, time, cancellationToken);
        var requeued = 0;
        foreach (var claim in silent)
        {
            requeued += await ChangeSilentAsync(claim, Orphaned, cancellationToken) ? 1 : 0;
        }

        return requeued;
    }

    /// <param name="row">Its column with the record's id.</param>
    protected async Task<bool> ChangeAsync(string sql, object parameters, CancellationToken cancellationToken, string row = "id") =>
        await database.ExecuteAsync($"{sql} {Telling(row)}", parameters, cancellationToken) == 1;

    protected string Telling(string row = "id") => database.Telling(table.Name, row);

    private string Ago(string milliseconds) => $"{database.Clock} - {milliseconds}";

    private Task<IReadOnlyList<SilentClaim>> FindSilentAsync(
        string which, string id, TimeSpan silence, CancellationToken cancellationToken) => database.QueryAsync<SilentClaim>(
        $"SELECT id, claim, heartbeat_at FROM {table.Name} WHERE {which} AND {IsRunning} AND heartbeat_at < {Ago("@Silence")}",
        new { id, Now, Silence = (long)silence.TotalMilliseconds },
        cancellationToken);

    private Task<bool> ChangeSilentAsync(SilentClaim silent, string change, CancellationToken cancellationToken) => ChangeAsync(
        $"UPDATE {table.Name} SET {change} WHERE id = @Id AND {IsRunning} AND claim = @Claim AND heartbeat_at = @HeartbeatAt",
        new { silent.Id, silent.Claim, silent.HeartbeatAt, Node, Now },
        cancellationToken);
}
