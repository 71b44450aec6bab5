using Dapper;
using HeyGemExport.Data;

namespace HeyGemExport.Exports.Retention;

/// <summary>
/// Promises that an archive is kept until a time, such as that of a link that was given away. The archive lives until the last of them is over,
/// or for its time to live where that is longer; the size cap takes it before, though after those that nobody was promised.
/// </summary>
internal sealed class RetentionHolds(Database database)
{
    /// <summary>The latest promise about an export, for a query over <c>exports</c>.</summary>
    internal const string KeptUntil = "(SELECT MAX(archive_holds.until) FROM archive_holds WHERE archive_holds.export_id = exports.id)";

    /// <summary>Promises the archive of a ready export.</summary>
    /// <param name="exportId">The export.</param>
    /// <param name="holder">Whose promise it is; a second one of the same holder replaces the first.</param>
    /// <param name="until">Until when.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the export has no archive.</returns>
    public async Task<bool> HoldAsync(string exportId, string holder, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO archive_holds (export_id, holder, until)
            SELECT id, @holder, @until FROM exports WHERE id = @exportId AND state = 'ready'
            ON CONFLICT (export_id, holder) DO UPDATE SET until = excluded.until
            """,
            new { exportId, holder, until = until.ToStored() },
            cancellationToken: cancellationToken)) > 0;
    }

    /// <summary>Takes a promise back.</summary>
    public async Task ReleaseAsync(string exportId, string holder, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM archive_holds WHERE export_id = @exportId AND holder = @holder", new { exportId, holder }, cancellationToken: cancellationToken));
    }
}
