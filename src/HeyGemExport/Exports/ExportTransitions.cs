using HeyGemExport.Archives;
using HeyGemExport.Data;
using HeyGemExport.FileSystem;
using HeyGemExport.Jobs;

namespace HeyGemExport.Exports;

internal sealed class ExportTransitions(Database database, JobNode node, TimeProvider time) : JobRecords(database, node, time, Table)
{
    public const int MaxAttempts = 5;

    /// <summary>Far longer than a disk takes for an archive.</summary>
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromMinutes(5);

    private const int SumsAtOnce = 2000;

    private const string Ordinals = "SELECT ordinal, path FROM export_files WHERE export_id = @id";

    private static readonly JobTable Table = new(
        "exports",
        Claimed: "building",
        Running: "'building', 'verifying'",
        Retryable: "'failed', 'cancelled'",
        Progress: """
            done_files = CASE WHEN state = 'building' THEN @DoneFiles ELSE file_count END,
            done_bytes = CASE WHEN state = 'building' THEN @DoneBytes ELSE total_bytes END,
            verified_bytes = CASE WHEN state = 'building' THEN 0 ELSE @DoneBytes END,
            bytes_per_second = @Speed
            """,
        OnClaim: ", done_files = 0, done_bytes = 0, verified_bytes = 0, bytes_per_second = NULL",
        OnRetry: ", queued_at = @Now, done_files = 0, done_bytes = 0, started_at = NULL, heartbeat_at = NULL");

    public Task<bool> VerifyAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        """
        UPDATE exports SET state = 'verifying', done_files = file_count, done_bytes = total_bytes, verified_bytes = 0
        WHERE id = @id AND claimed_by = @Node AND state = 'building'
        """,
        new { id, Node, Now },
        cancellationToken);

    /// <summary>verifying → ready, with the archives, the sums of what was packed, and what was left out. The sums come first, some at a
    /// time, so that nobody waits for those of a hundred thousand files.</summary>
    /// <param name="unflushedBoot">The run of the machine, when the archives may not be on the disk yet.</param>
    public async Task<bool> PublishAsync(string id, PackedSet packed, string? unflushedBoot, CancellationToken cancellationToken)
    {
        var ordinals = await OrdinalsAsync(Database.QueryAsync<(long Ordinal, string Path)>(Ordinals, new { id }, cancellationToken));
        foreach (var some in packed.Entries.Chunk(SumsAtOnce))
        {
            if (!await Database.InTransactionAsync(
                async session =>
                {
                    var isOurs = await session.ExecuteAsync(
                        "UPDATE exports SET claimed_by = @Node WHERE id = @id AND claimed_by = @Node AND state = 'verifying'",
                        new { id, Node }) == 1;
                    if (isOurs)
                    {
                        await AddSumsAsync(session, id, some, ordinals);
                    }

                    return isOurs;
                },
                cancellationToken))
            {
                return false;
            }
        }

        return await Database.InTransactionAsync(session => PublishAsync(session, id, packed, unflushedBoot), cancellationToken);
    }

    private async Task<bool> PublishAsync(DatabaseSession session, string id, PackedSet packed, string? unflushedBoot)
    {
        var published = await session.ExecuteAsync(
            """
            UPDATE exports
            SET state = 'ready', finished_at = @Now, last_used_at = @Now, left_out_json = @LeftOut, unflushed_boot = @unflushedBoot,
                file_count = @Files, total_bytes = @Bytes, done_files = @Files, done_bytes = @Bytes
            WHERE id = @id AND claimed_by = @Node AND state = 'verifying'
            """,
            new
            {
                id,
                Node,
                Now,
                unflushedBoot,
                LeftOut = packed.LeftOut.Count == 0 ? null : ExportJson.Write(packed.LeftOut),
                Files = packed.Entries.Count,
                Bytes = packed.Entries.Sum(entry => entry.Entry.Bytes),
            }) == 1;
        if (published)
        {
            // An earlier attempt, which packed them, may have come as far as their sums.
            await session.ExecuteAsync(
                "UPDATE export_files SET sha256 = NULL, crc32 = NULL WHERE export_id = @id AND path = @Path",
                packed.LeftOut.Select(file => new { id, file.Path }));
            await AddPartsAsync(session, id, packed);
        }

        return published;
    }

    /// <summary>ready → queued, for archives that a crash of the machine may have damaged.</summary>
    /// <returns>How many.</returns>
    public Task<int> RequeueUnflushedAsync(CancellationToken cancellationToken)
    {
        // Another node, on a machine of its own, flushes what it has just published.
        var before = Database.IsSqlite ? DateTimeOffset.MaxValue : Now - FlushTimeout;
        return Database.ExecuteAsync(
            $"""
            UPDATE exports SET state = 'queued', attempts = 0, claimed_by = NULL, finished_at = NULL, started_at = NULL, heartbeat_at = NULL
            WHERE state = 'ready' AND unflushed_boot <> COALESCE(@Current, '') AND finished_at < @before
            {Telling()}
            """,
            new { BootId.Current, before },
            cancellationToken);
    }

    /// <summary>ready → queued, for an archive that is no longer the file that was verified.</summary>
    public Task<bool> SuspectAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        """
        UPDATE exports SET state = 'queued', attempts = 0, claimed_by = NULL, started_at = NULL, heartbeat_at = NULL, unflushed_boot = ''
        WHERE id = @id AND state = 'ready'
        """,
        new { id },
        cancellationToken);

    /// <summary>building → ready: its archives are what they were.</summary>
    /// <param name="identities">Of their files, in their order.</param>
    public Task<bool> ConfirmAsync(string id, IReadOnlyList<string> identities, CancellationToken cancellationToken) =>
        Database.InTransactionAsync(
            async session =>
            {
                var confirmed = await session.ExecuteAsync(
                    $"""
                    UPDATE exports SET state = 'ready', finished_at = @Now, last_used_at = @Now, unflushed_boot = NULL,
                        done_files = file_count, done_bytes = total_bytes
                    WHERE id = @id AND claimed_by = @Node AND state = 'building' {Telling()}
                    """,
                    new { id, Node, Now }) == 1;
                if (confirmed)
                {
                    await session.ExecuteAsync(
                        "UPDATE export_parts SET identity = @identity WHERE export_id = @id AND number = @number",
                        identities.Select((identity, index) => new { id, identity, number = index + 1 }));
                }

                return confirmed;
            },
            cancellationToken);

    public Task<bool> IdentifyAsync(string id, int number, string identity, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE export_parts SET identity = @identity WHERE export_id = @id AND number = @number AND identity IS NULL",
        new { id, number, identity },
        cancellationToken,
        row: "export_id");

    /// <summary>Its archives are on the disk.</summary>
    public Task<bool> FlushedAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE exports SET unflushed_boot = NULL WHERE id = @id AND unflushed_boot = @Current", new { id, BootId.Current },
        cancellationToken);

    /// <summary>The disk did not take its archives: as after a crash, they have to be looked at.</summary>
    public Task<bool> DistrustAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE exports SET unflushed_boot = '' WHERE id = @id AND unflushed_boot IS NOT NULL", new { id }, cancellationToken);

    public Task<bool> SummedAsync(string id, int number, string sha256, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE export_parts SET sha256 = @sha256 WHERE export_id = @id AND number = @number AND sha256 = ''", new { id, number, sha256 },
        cancellationToken, row: "export_id");

    public Task<bool> FailAsync(string id, ExportError error, CancellationToken cancellationToken) =>
        FailAsync(id, ExportJson.Write(error), cancellationToken);

    /// <summary>Whoever has an export run again takes its videos as they are now, of the same length and time: a move away and back, for
    /// which many retry, changes the version of a file and not its content.</summary>
    public Task<int> AcceptVersionsAsync(string id, CancellationToken cancellationToken) => Database.ExecuteAsync(
        "UPDATE export_files SET version = NULL WHERE export_id = @id", new { id }, cancellationToken);

    /// <summary>ready → failed: the videos that it is read from are no longer what they were.</summary>
    public Task<bool> BreakAsync(string id, ExportError error, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE exports SET state = 'failed', error_json = @Error, finished_at = @Now WHERE id = @id AND state = 'ready'",
        new { id, Now, Error = ExportJson.Write(error) },
        cancellationToken);

    /// <summary>Not while a store has parts of it, which only the record knows of.</summary>
    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        """
        DELETE FROM exports
        WHERE id = @id AND state IN ('failed', 'cancelled') AND NOT EXISTS (
            SELECT 1 FROM deliveries d JOIN delivery_objects o ON o.delivery_id = d.id
            WHERE d.export_id = exports.id AND o.upload_id IS NOT NULL AND o.arrived = 0)
        """,
        new { id },
        cancellationToken);

    /// <summary>ready → expired, unless another node is sending its archive.</summary>
    public Task<bool> ExpireAsync(string id, CancellationToken cancellationToken) => Database.InTransactionAsync(
        async session =>
        {
            // Waits for a node that is about to hold it; the next statement sees what that node has written.
            await session.ExecuteAsync("UPDATE exports SET state = state WHERE id = @id AND state = 'ready'", new { id });
            return await session.ExecuteAsync(
                $"""
                UPDATE exports SET state = 'expired'
                WHERE id = @id AND state = 'ready' AND NOT EXISTS (
                    SELECT 1 FROM archive_leases l WHERE l.export_id = exports.id AND l.node <> @Node AND l.until > {Database.Clock})
                {Telling()}
                """,
                new { id, Node, Now }) == 1;
        },
        cancellationToken);

    /// <summary>A ready archive is used, which restarts its time to live.</summary>
    public Task<bool> TouchAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE exports SET last_used_at = @Now WHERE id = @id AND state = 'ready'", new { id, Now }, cancellationToken);

    /// <summary>The archives of an export that are ready at once, and the sums of their files.</summary>
    internal static async Task AddAllAsync(DatabaseSession session, string id, PackedSet packed)
    {
        await AddPartsAsync(session, id, packed);
        await AddSumsAsync(session, id, packed.Entries, await OrdinalsAsync(
            session.QueryAsync<(long Ordinal, string Path)>(Ordinals, new { id })));
    }

    private static async Task AddPartsAsync(DatabaseSession session, string id, PackedSet packed)
    {
        // Of archives that were damaged and are built anew.
        await session.ExecuteAsync("DELETE FROM export_parts WHERE export_id = @id", new { id });
        await session.ExecuteAsync(
            """
            INSERT INTO export_parts (export_id, number, name, path, file_count, bytes, sha256, identity)
            VALUES (@id, @Number, @Name, @Path, @FileCount, @Bytes, '', @Identity)
            """,
            packed.Parts.Select(part => new { id, part.Number, part.Name, part.Path, part.FileCount, part.Bytes, part.Identity }));
    }

    /// <summary>By the primary key: by path each update would look at every file of the export.</summary>
    private static async Task<IReadOnlyDictionary<string, long>> OrdinalsAsync(Task<IReadOnlyList<(long Ordinal, string Path)>> rows) =>
        (await rows).ToDictionary(row => row.Path, row => row.Ordinal, StringComparer.Ordinal);

    private static Task<int> AddSumsAsync(
        DatabaseSession session, string id, IEnumerable<BuiltEntry> entries, IReadOnlyDictionary<string, long> ordinals) =>
        session.ExecuteAsync(
            """
            UPDATE export_files SET sha256 = @Sha256, crc32 = @Crc32, local_time = @LocalTime, part = @Part
            WHERE export_id = @id AND ordinal = @Ordinal
            """,
            entries.Select(entry => new
            {
                id,
                Ordinal = ordinals[entry.Entry.Path],
                entry.Entry.Part,
                Sha256 = Convert.ToHexStringLower(entry.Sha256),
                Crc32 = (long)entry.Crc32,
                LocalTime = entry.LocalTime?.Ticks,
            }));
}
