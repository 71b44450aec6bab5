using Dapper;
using HeyGemExport.Archives;
using HeyGemExport.Data;

namespace HeyGemExport.Exports;

/// <summary>
/// Every change of an export's state: one conditional update each, so that of two who want to change it one wins and
/// the other learns that it did not.
/// </summary>
internal sealed class ExportTransitions(Database database, TimeProvider time)
{
    /// <summary>How often an export is begun before it counts as one that takes the process down with it.</summary>
    public const int MaxAttempts = 5;

    /// <summary>A worker that has not been heard of for this long is gone.</summary>
    public static readonly TimeSpan HeartbeatTimeout = TimeSpan.FromMinutes(1);

    /// <summary>This process, as it signs the exports that it works on.</summary>
    public string Node { get; } = $"{Environment.MachineName}/{Guid.NewGuid():N}";

    private long Now => time.GetUtcNow().ToStored();

    /// <summary>queued → building, for this process.</summary>
    public Task<bool> ClaimAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        """
        UPDATE exports
        SET state = 'building', claimed_by = @Node, heartbeat_at = @Now, started_at = @Now, attempts = attempts + 1,
            done_files = 0, done_bytes = 0
        WHERE id = @id AND state = 'queued'
        """,
        new { id, Node, Now },
        cancellationToken);

    /// <summary>Keeps the claim, and the figures for other nodes.</summary>
    /// <returns>Whether the export is still this process's to work on.</returns>
    public Task<bool> HeartbeatAsync(string id, ArchiveProgress? progress, CancellationToken cancellationToken) => ChangeAsync(
        """
        UPDATE exports
        SET heartbeat_at = @Now,
            done_files = CASE WHEN state = 'building' THEN @DoneFiles ELSE file_count END,
            done_bytes = CASE WHEN state = 'building' THEN @DoneBytes ELSE total_bytes END
        WHERE id = @id AND claimed_by = @Node AND state IN ('building', 'verifying')
        """,
        new { id, Node, Now, DoneFiles = progress?.DoneFiles ?? 0, DoneBytes = progress?.DoneBytes ?? 0 },
        cancellationToken);

    /// <summary>building → verifying.</summary>
    public Task<bool> VerifyAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        """
        UPDATE exports SET state = 'verifying', heartbeat_at = @Now, done_files = file_count, done_bytes = total_bytes
        WHERE id = @id AND claimed_by = @Node AND state = 'building'
        """,
        new { id, Node, Now },
        cancellationToken);

    /// <summary>verifying → ready, with the archives, the hashes of what was packed, and what was left out.</summary>
    public async Task<bool> PublishAsync(string id, PackedSet packed, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var changed = await connection.ExecuteAsync(new CommandDefinition(
            """
            UPDATE exports
            SET state = 'ready', finished_at = @Now, last_used_at = @Now, left_out_json = @LeftOut,
                file_count = @Files, total_bytes = @Bytes, done_files = @Files, done_bytes = @Bytes
            WHERE id = @id AND claimed_by = @Node AND state = 'verifying'
            """,
            new
            {
                id,
                Node,
                Now,
                LeftOut = packed.LeftOut.Count == 0 ? null : ExportJson.Write(packed.LeftOut),
                Files = packed.Entries.Count,
                Bytes = packed.Entries.Sum(entry => entry.Entry.Bytes),
            },
            transaction,
            cancellationToken: cancellationToken));
        if (changed == 0)
        {
            return false;
        }

        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO export_parts (export_id, number, name, path, file_count, bytes, sha256) VALUES (@id, @Number, @Name, @Path, @FileCount, @Bytes, @Sha256)",
            packed.Parts.Select(part => new { id, part.Number, part.Name, part.Path, part.FileCount, part.Bytes, part.Sha256 }),
            transaction,
            cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE export_files SET sha256 = @Sha256, part = @Part WHERE export_id = @id AND path = @Path",
            packed.Entries.Select(entry => new { id, entry.Entry.Path, entry.Entry.Part, Sha256 = Convert.ToHexStringLower(entry.Sha256) }),
            transaction,
            cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Anything that has not ended → failed.</summary>
    public Task<bool> FailAsync(string id, ExportError error, CancellationToken cancellationToken) => ChangeAsync(
        """
        UPDATE exports SET state = 'failed', error_json = @Error, finished_at = @Now
        WHERE id = @id AND state IN ('queued', 'building', 'verifying')
        """,
        new { id, Error = ExportJson.Write(error), Now },
        cancellationToken);

    /// <summary>Anything that has not ended → cancelled.</summary>
    public Task<bool> CancelAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE exports SET state = 'cancelled', finished_at = @Now WHERE id = @id AND state IN ('queued', 'building', 'verifying')",
        new { id, Now },
        cancellationToken);

    /// <summary>failed or cancelled → queued, as if it had never been begun.</summary>
    /// <returns>Whether it is queued; not when it is in another state, or a live export has the same content.</returns>
    public async Task<bool> RetryAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await ChangeAsync(
                """
                UPDATE exports
                SET state = 'queued', queued_at = @Now, attempts = 0, done_files = 0, done_bytes = 0, error_json = NULL,
                    started_at = NULL, finished_at = NULL, claimed_by = NULL, heartbeat_at = NULL
                WHERE id = @id AND state IN ('failed', 'cancelled')
                """,
                new { id, Now },
                cancellationToken);
        }
        catch (Exception exception) when (DatabaseErrors.IsDuplicate(exception))
        {
            return false;
        }
    }

    /// <summary>Forgets an export that failed or was cancelled, and its contract.</summary>
    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        "DELETE FROM exports WHERE id = @id AND state IN ('failed', 'cancelled')", new { id }, cancellationToken);

    /// <summary>ready → expired.</summary>
    public Task<bool> ExpireAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE exports SET state = 'expired' WHERE id = @id AND state = 'ready'", new { id }, cancellationToken);

    /// <summary>A use of a ready archive, which begins its time to live anew.</summary>
    public Task<bool> TouchAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE exports SET last_used_at = @Now WHERE id = @id AND state = 'ready'", new { id, Now }, cancellationToken);

    /// <summary>This process's claim → queued, when it stops before it has finished. A stop is nobody's fault: the attempt does not count.</summary>
    public Task<bool> ReleaseAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        """
        UPDATE exports SET state = 'queued', attempts = attempts - 1
        WHERE id = @id AND claimed_by = @Node AND state IN ('building', 'verifying')
        """,
        new { id, Node },
        cancellationToken);

    /// <summary>Work whose worker is gone → queued. Returns how many.</summary>
    public async Task<int> RequeueOrphansAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);

        // A SQLite file belongs to one process, so whatever another one claimed is orphaned at once.
        var stale = database.Engine == DatabaseEngine.Sqlite ? long.MaxValue : (time.GetUtcNow() - HeartbeatTimeout).ToStored();
        return await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE exports SET state = 'queued' WHERE state IN ('building', 'verifying') AND claimed_by <> @Node AND heartbeat_at < @stale",
            new { Node, stale },
            cancellationToken: cancellationToken));
    }

    /// <summary>How often the export has been begun.</summary>
    public async Task<int> AttemptsAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return (int)await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT attempts FROM exports WHERE id = @id", new { id }, cancellationToken: cancellationToken));
    }

    private async Task<bool> ChangeAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)) == 1;
    }
}
