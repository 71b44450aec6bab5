using HeyGemExport.Data;

namespace HeyGemExport.Exports.Retention;

/// <summary>Promises that an archive is kept until a time at least; the size cap takes it before, though after others.</summary>
internal sealed class RetentionHolds(Database database)
{
    internal const string KeptUntil = "(SELECT MAX(archive_holds.until) FROM archive_holds WHERE archive_holds.export_id = exports.id)";

    /// <summary>Promises the archive of a ready export. A second promise of the same holder replaces the first.</summary>
    public async Task<bool> HoldAsync(string exportId, string holder, DateTimeOffset until, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
        """
        INSERT INTO archive_holds (export_id, holder, until)
        SELECT id, @holder, @until FROM exports WHERE id = @exportId AND state = 'ready'
        ON CONFLICT (export_id, holder) DO UPDATE SET until = excluded.until
        """,
        new { exportId, holder, until },
        cancellationToken) > 0;

    public Task ReleaseAsync(string exportId, string holder, CancellationToken cancellationToken) => database.ExecuteAsync(
        "DELETE FROM archive_holds WHERE export_id = @exportId AND holder = @holder", new { exportId, holder }, cancellationToken);
}
