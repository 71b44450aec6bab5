using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Downloads;
using HeyGemExport.Exports.Retention;

namespace HeyGemExport.Shares;

internal sealed class ShareLinkStore(Database database, TimeProvider time)
{
    // Of a set, the archive that was downloaded most counts.
    private const string Columns = """
        share_links.*,
        COALESCE((SELECT MAX(counts.number) FROM (
            SELECT COUNT(*) AS number FROM share_downloads
            WHERE link_id = share_links.id AND part > 0 AND completed_at IS NOT NULL GROUP BY part) counts), 0) AS downloads
        """;

    private const string IsLive = "share_links.revoked_at IS NULL AND share_links.expires_at > @Now";

    /// <summary>How long another node may send without a word about it.</summary>
    private static readonly TimeSpan OtherNodes = TimeSpan.FromMinutes(1);

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

    /// <summary>Whether the link still opens.</summary>
    public async Task<bool> IsLiveAsync(string id, CancellationToken cancellationToken) =>
        await database.FirstAsync<int>(
            $"SELECT COUNT(*) FROM share_links WHERE id = @id AND {IsLive}", new { id, Now }, cancellationToken) > 0;

    /// <summary>The download that a request goes on with; null when it begins one.</summary>
    /// <param name="continues">Whether it asks for what follows the first byte: then it may come from another address than before, and
    /// also after all has been sent, as what was sent may not have arrived.</param>
    public Task<string?> FindToContinueAsync(
        ShareLink link, int part, string from, bool continues, CancellationToken cancellationToken) => database.FirstAsync<string>(
        """
        UPDATE share_downloads SET last_at = @Now, from_address = @from WHERE id = (
            SELECT id FROM share_downloads
            WHERE link_id = @LinkId AND part = @part AND (
                (completed_at IS NULL AND (from_address = @from OR @continues = 1))
                OR (from_address = @from AND @continues = 1 AND completed_at > @recently))
            ORDER BY CASE WHEN from_address = @from THEN 0 ELSE 1 END, completed_at DESC, last_at DESC LIMIT 1)
        RETURNING id
        """,
        new { LinkId = link.Id, part, from, continues = continues ? 1 : 0, Now, recently = Now - ArchiveRetention.ResumeWindow },
        cancellationToken);

    /// <summary>Null when the link is over or used up. Of any number at once, on any nodes, no more than the limit begin.</summary>
    public Task<string?> TryBeginAsync(ShareLink link, int part, string from, CancellationToken cancellationToken) =>
        database.InTransactionAsync<string?>(
            async session =>
            {
                var parameters = new { Id = ShortId.Create(), LinkId = link.Id, part, from, Now };

                // An update that changes nothing locks the row against other nodes until this download is counted.
                if (await session.ExecuteAsync($"UPDATE share_links SET id = id WHERE id = @LinkId AND {IsLive}", parameters) == 0
                    || await session.FirstAsync<int>(
                        "SELECT COUNT(*) FROM share_downloads WHERE link_id = @LinkId AND part = @part", parameters) >= link.MaxDownloads)
                {
                    return null;
                }

                await session.ExecuteAsync("UPDATE share_links SET last_used_at = @Now WHERE id = @LinkId", parameters);
                await session.ExecuteAsync(
                    """
                    INSERT INTO share_downloads (id, link_id, part, from_address, started_at, last_at)
                    VALUES (@Id, @LinkId, @part, @from, @Now, @Now)
                    """,
                    parameters);
                return parameters.Id;
            },
            cancellationToken);

    /// <summary>Begins anew in place of a download that broke off and that nobody goes on with; null when there is none.</summary>
    /// <param name="isActive">Whether this node sends it; of other nodes it is told by the time.</param>
    public async Task<string?> TryTakeOverAsync(
        ShareLink link, int part, string from, Func<string, bool> isActive, CancellationToken cancellationToken)
    {
        var before = database.IsSqlite ? Now : Now - OtherNodes;
        var idle = await database.QueryAsync<string>(
            """
            SELECT id FROM share_downloads
            WHERE link_id = @LinkId AND part = @part AND completed_at IS NULL AND last_at <= @before ORDER BY last_at, id
            """,
            new { LinkId = link.Id, part, before },
            cancellationToken);
        return idle.FirstOrDefault(id => !isActive(id)) is { } free && await database.ExecuteAsync(
            """
            UPDATE share_downloads SET last_at = @Now, from_address = @from, ranges_json = '[]'
            WHERE id = @free AND completed_at IS NULL AND last_at <= @before
            """,
            new { free, from, before, Now },
            cancellationToken) == 1
            ? free
            : null;
    }

    /// <summary>Adds up what was sent; with the last byte of the archive the download counts.</summary>
    public Task AddSentAsync(string id, long bytes, long from, long count, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async session =>
            {
                await session.ExecuteAsync("UPDATE share_downloads SET last_at = @Now WHERE id = @id", new { id, Now });
                var json = await session.FirstAsync<string>("SELECT ranges_json FROM share_downloads WHERE id = @id", new { id });
                var ranges = ByteRanges.FromPairs(ExportJson.Read<long[][]>(json ?? "[]")).Add(from, count);
                return await session.ExecuteAsync(
                    """
                    UPDATE share_downloads SET ranges_json = @Ranges,
                        completed_at = COALESCE(completed_at, CASE WHEN @IsWhole = 1 THEN @Now END)
                    WHERE id = @id
                    """,
                    new { id, Now, Ranges = ExportJson.Write(ranges.ToPairs()), IsWhole = ranges.Total >= bytes ? 1 : 0 });
            },
            cancellationToken);
}
