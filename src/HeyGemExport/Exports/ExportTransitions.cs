using HeyGemExport.Data;
using HeyGemExport.Jobs;

namespace HeyGemExport.Exports;

internal sealed class ExportTransitions(Database database, JobNode node, TimeProvider time) : JobRecords(database, node, time, Table)
{
    public const int MaxAttempts = 5;

    private static readonly JobTable Table = new(
        "exports",
        Claimed: "building",
        Running: "'building', 'verifying'",
        Retryable: "'failed', 'cancelled'",
        Progress: """
            done_files = CASE WHEN state = 'building' THEN @DoneFiles ELSE file_count END,
            done_bytes = CASE WHEN state = 'building' THEN @DoneBytes ELSE total_bytes END
            """,
        OnClaim: ", done_files = 0, done_bytes = 0",
        OnRetry: ", queued_at = @Now, done_files = 0, done_bytes = 0, started_at = NULL, heartbeat_at = NULL");

    public Task<bool> VerifyAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        """
        UPDATE exports SET state = 'verifying', heartbeat_at = @Now, done_files = file_count, done_bytes = total_bytes
        WHERE id = @id AND claimed_by = @Node AND state = 'building'
        """,
        new { id, Node, Now },
        cancellationToken);

    /// <summary>verifying → ready, with the archives, the hashes of what was packed, and what was left out.</summary>
    public Task<bool> PublishAsync(string id, PackedSet packed, CancellationToken cancellationToken) => Database.InTransactionAsync(
        async session =>
        {
            var published = await session.ExecuteAsync(
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
                }) == 1;
            if (published)
            {
                await session.ExecuteAsync(
                    """
                    INSERT INTO export_parts (export_id, number, name, path, file_count, bytes, sha256)
                    VALUES (@id, @Number, @Name, @Path, @FileCount, @Bytes, @Sha256)
                    """,
                    packed.Parts.Select(part => new { id, part.Number, part.Name, part.Path, part.FileCount, part.Bytes, part.Sha256 }));
                await session.ExecuteAsync(
                    "UPDATE export_files SET sha256 = @Sha256, part = @Part WHERE export_id = @id AND path = @Path",
                    packed.Entries.Select(
                        entry => new { id, entry.Entry.Path, entry.Entry.Part, Sha256 = Convert.ToHexStringLower(entry.Sha256) }));
            }

            return published;
        },
        cancellationToken);

    public Task<bool> FailAsync(string id, ExportError error, CancellationToken cancellationToken) =>
        FailAsync(id, ExportJson.Write(error), cancellationToken);

    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        "DELETE FROM exports WHERE id = @id AND state IN ('failed', 'cancelled')", new { id }, cancellationToken);

    public Task<bool> ExpireAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE exports SET state = 'expired' WHERE id = @id AND state = 'ready'", new { id }, cancellationToken);

    /// <summary>A ready archive is used, which restarts its time to live.</summary>
    public Task<bool> TouchAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE exports SET last_used_at = @Now WHERE id = @id AND state = 'ready'", new { id, Now }, cancellationToken);
}
