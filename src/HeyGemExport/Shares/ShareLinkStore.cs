using HeyGemExport.Data;
using HeyGemExport.Exports;

namespace HeyGemExport.Shares;

internal sealed class ShareLinkStore(Database database, TimeProvider time)
{
    // Of a set, the archive that was downloaded most counts.
    private const string Columns = """
        share_links.*,
        COALESCE((SELECT MAX(counts.number) FROM (
            SELECT COUNT(*) AS number FROM share_downloads WHERE link_id = share_links.id GROUP BY part) counts), 0) AS downloads
        """;

    private const string IsLive = "share_links.revoked_at IS NULL AND share_links.expires_at > @Now";

    private DateTimeOffset Now => time.GetUtcNow();

    public Task InsertAsync(ShareLink link, string tokenHash, CancellationToken cancellationToken) => database.ExecuteAsync(
        """
        INSERT INTO share_links (id, token_hash, export_id, created_by, created_at, expires_at, password_hash, max_downloads,
                                 title, sender)
        VALUES (@Id, @tokenHash, @ExportId, @CreatedBy, @CreatedAt, @ExpiresAt, @PasswordHash, @MaxDownloads, @Title, @Sender)
        """,
        new
        {
            link.Id, tokenHash, link.ExportId, link.CreatedBy, link.CreatedAt, link.ExpiresAt, link.PasswordHash, link.MaxDownloads,
            link.Title, link.Sender,
        },
        cancellationToken);

    public Task<ShareLink?> FindAsync(string tokenHash, CancellationToken cancellationToken) =>
        database.FirstAsync<ShareLink>(
            $"SELECT {Columns} FROM share_links WHERE token_hash = @tokenHash", new { tokenHash }, cancellationToken);

    public Task<IReadOnlyList<ShareLink>> OfExportAsync(string exportId, CancellationToken cancellationToken) =>
        database.QueryAsync<ShareLink>(
            $"SELECT {Columns} FROM share_links WHERE export_id = @exportId ORDER BY created_at DESC, id",
            new { exportId },
            cancellationToken);

    public async Task<LiveShares> LiveAsync(int limit, CancellationToken cancellationToken)
    {
        var total = await database.FirstAsync<int>($"SELECT COUNT(*) FROM share_links WHERE {IsLive}", new { Now }, cancellationToken);
        var rows = await database.QueryAsync<LiveShare>(
            $"""
            SELECT {Columns}, exports.archive_name, CASE WHEN exports.state = 'ready' THEN 1 ELSE 0 END AS is_there
            FROM share_links JOIN exports ON exports.id = share_links.export_id
            WHERE {IsLive} ORDER BY share_links.created_at DESC, share_links.id LIMIT @limit
            """,
            new { Now, limit },
            cancellationToken);
        return new LiveShares(rows, total);
    }

    public async Task<bool> RevokeAsync(string id, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            "UPDATE share_links SET revoked_at = @Now WHERE id = @id AND revoked_at IS NULL", new { id, Now }, cancellationToken) == 1;

    /// <summary>False when the link is over or used up. Of any number at once, on any nodes, no more than the limit begin.</summary>
    public Task<bool> TryBeginAsync(ShareLink link, int part, string from, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async session =>
            {
                var parameters = new { Id = ShortId.Create(), LinkId = link.Id, part, from, Now };

                // An update that changes nothing locks the row against other nodes until this download is counted.
                if (await session.ExecuteAsync($"UPDATE share_links SET id = id WHERE id = @LinkId AND {IsLive}", parameters) == 0
                    || await session.FirstAsync<int>(
                        "SELECT COUNT(*) FROM share_downloads WHERE link_id = @LinkId AND part = @part", parameters) >= link.MaxDownloads)
                {
                    return false;
                }

                await session.ExecuteAsync("UPDATE share_links SET last_used_at = @Now WHERE id = @LinkId", parameters);
                await session.ExecuteAsync(
                    "INSERT INTO share_downloads (id, link_id, part, from_address, started_at) VALUES (@Id, @LinkId, @part, @from, @Now)",
                    parameters);
                return true;
            },
            cancellationToken);

    public async Task<bool> HasBegunAsync(string linkId, int part, string from, CancellationToken cancellationToken) =>
        await database.FirstAsync<int>(
            "SELECT COUNT(*) FROM share_downloads WHERE link_id = @linkId AND part = @part AND from_address = @from",
            new { linkId, part, from },
            cancellationToken) > 0;
}
