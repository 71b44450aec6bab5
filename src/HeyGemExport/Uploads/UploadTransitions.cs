using Dapper;
using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Uploads.Sending;

namespace HeyGemExport.Uploads;

/// <summary>Every change of a delivery: one conditional update each, as for exports.</summary>
internal sealed class UploadTransitions(Database database, ExportTransitions exports, TimeProvider time)
{
    /// <summary>How often a delivery is begun before it counts as one that takes the process down with it.</summary>
    public const int MaxAttempts = 20;

    private string Node => exports.Node;

    private long Now => time.GetUtcNow().ToStored();

    /// <summary>queued → sending, for this process.</summary>
    public Task<bool> ClaimAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        """
        UPDATE deliveries SET state = 'sending', claimed_by = @Node, heartbeat_at = @Now, started_at = @Now, attempts = attempts + 1
        WHERE id = @id AND state = 'queued'
        """,
        new { id, Node, Now },
        cancellationToken);

    /// <summary>Keeps the claim, and the figures for others.</summary>
    /// <returns>Whether the delivery is still this process's to work on.</returns>
    public Task<bool> HeartbeatAsync(string id, long doneBytes, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE deliveries SET heartbeat_at = @Now, done_bytes = @doneBytes WHERE id = @id AND claimed_by = @Node AND state = 'sending'",
        new { id, Node, Now, doneBytes },
        cancellationToken);

    /// <summary>Remembers an upload, so that another process can go on with it or abort it; null forgets it.</summary>
    internal Task<bool> RememberAsync(string id, int ordinal, BegunUpload? upload, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE delivery_objects SET upload_id = @Upload, part_bytes = @PartBytes WHERE delivery_id = @id AND ordinal = @ordinal",
        Parameters(id, ordinal, upload),
        cancellationToken);

    /// <summary>An object is there, and proved to be.</summary>
    public Task<bool> ArriveAsync(string id, int ordinal, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE delivery_objects SET arrived = 1, upload_id = NULL WHERE delivery_id = @id AND ordinal = @ordinal", new { id, ordinal }, cancellationToken);

    /// <summary>sending → ready.</summary>
    public Task<bool> FinishAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        """
        UPDATE deliveries SET state = 'ready', finished_at = @Now, done_bytes = total_bytes, claimed_by = NULL, error_json = NULL
        WHERE id = @id AND claimed_by = @Node AND state = 'sending'
        """,
        new { id, Node, Now },
        cancellationToken);

    /// <summary>queued, or sending by this process → failed.</summary>
    public Task<bool> FailAsync(string id, ExportError error, CancellationToken cancellationToken) => ChangeAsync(
        """
        UPDATE deliveries SET state = 'failed', error_json = @Error, finished_at = @Now, claimed_by = NULL
        WHERE id = @id AND (state = 'queued' OR (state = 'sending' AND claimed_by = @Node))
        """,
        new { id, Node, Error = ExportJson.Write(error), Now },
        cancellationToken);

    /// <summary>What has not ended → cancelled. Whoever works on it puts its claim down when no request is under way any more.</summary>
    public Task<bool> CancelAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE deliveries SET state = 'cancelled', finished_at = @Now WHERE id = @id AND state IN ('queued', 'sending')", new { id, Now }, cancellationToken);

    /// <summary>failed → queued; what has arrived stays there, and uploads are gone on with.</summary>
    /// <returns>Whether it is queued; not when it is in another state, or the same is under way.</returns>
    public async Task<bool> RetryAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await ChangeAsync(
                "UPDATE deliveries SET state = 'queued', attempts = 0, error_json = NULL, finished_at = NULL WHERE id = @id AND state = 'failed'", new { id }, cancellationToken);
        }
        catch (Exception exception) when (DatabaseErrors.IsDuplicate(exception))
        {
            return false;
        }
    }

    /// <summary>Puts this process's claim down: what it was sending is queued again, what was cancelled may be cleared away.</summary>
    /// <param name="id">The delivery.</param>
    /// <param name="stopped">Whether the service stopped it, which is nobody's fault: the attempt does not count.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<bool> ReleaseAsync(string id, bool stopped, CancellationToken cancellationToken) => ChangeAsync(
        """
        UPDATE deliveries
        SET state = CASE WHEN state = 'sending' THEN 'queued' ELSE state END, attempts = attempts - CASE WHEN state = 'sending' THEN @Uncounted ELSE 0 END, claimed_by = NULL
        WHERE id = @id AND claimed_by = @Node
        """,
        new { id, Node, Uncounted = stopped ? 1 : 0 },
        cancellationToken);

    /// <summary>Does the same for processes that are gone. Returns how many.</summary>
    public async Task<int> ReleaseOrphansAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);

        // A SQLite file belongs to one server, so whatever another one claimed is orphaned at once.
        var stale = database.Engine == DatabaseEngine.Sqlite ? long.MaxValue : (time.GetUtcNow() - ExportTransitions.HeartbeatTimeout).ToStored();
        return await connection.ExecuteAsync(new CommandDefinition(
            """
            UPDATE deliveries SET state = CASE WHEN state = 'sending' THEN 'queued' ELSE state END, claimed_by = NULL
            WHERE claimed_by IS NOT NULL AND claimed_by <> @Node AND heartbeat_at < @stale
            """,
            new { Node, stale },
            cancellationToken: cancellationToken));
    }

    // The types are said because PostgreSQL cannot guess that of a null.
    private static DynamicParameters Parameters(string id, int ordinal, BegunUpload? upload)
    {
        var parameters = new DynamicParameters(new { id, ordinal });
        parameters.Add("Upload", upload?.Id, System.Data.DbType.String);
        parameters.Add("PartBytes", upload?.PartBytes, System.Data.DbType.Int64);
        return parameters;
    }

    private async Task<bool> ChangeAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)) == 1;
    }
}
