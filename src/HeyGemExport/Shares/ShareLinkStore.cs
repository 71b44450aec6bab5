using Dapper;
using HeyGemExport.Data;
using HeyGemExport.Exports;

namespace HeyGemExport.Shares;

/// <summary>Records of links and of the downloads through them.</summary>
internal sealed class ShareLinkStore(Database database, TimeProvider time)
{
    private const string Columns =
        "share_links.*, (SELECT MAX(counts.number) FROM (SELECT COUNT(*) AS number FROM share_downloads WHERE link_id = share_links.id GROUP BY part) counts) AS downloads";

    private const string IsLive = "share_links.revoked_at IS NULL AND share_links.expires_at > @Now";

    private long Now => time.GetUtcNow().ToStored();

    /// <summary>Records a link.</summary>
    public async Task InsertAsync(ShareLink link, string tokenHash, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO share_links (id, token_hash, export_id, created_by, created_at, expires_at, password_hash, max_downloads)
            VALUES (@Id, @tokenHash, @ExportId, @CreatedBy, @CreatedAt, @ExpiresAt, @PasswordHash, @MaxDownloads)
            """,
            new
            {
                link.Id,
                tokenHash,
                link.ExportId,
                link.CreatedBy,
                CreatedAt = link.CreatedAt.ToStored(),
                ExpiresAt = link.ExpiresAt.ToStored(),
                link.PasswordHash,
                link.MaxDownloads,
            },
            cancellationToken: cancellationToken));
    }

    /// <summary>The link with a token, or null.</summary>
    public async Task<ShareLink?> FindAsync(string tokenHash, CancellationToken cancellationToken) =>
        (await SelectAsync("WHERE token_hash = @tokenHash", new { tokenHash }, cancellationToken)).SingleOrDefault();

    /// <summary>The links to an export, the newest first.</summary>
    public Task<IReadOnlyList<ShareLink>> OfExportAsync(string exportId, CancellationToken cancellationToken) =>
        SelectAsync("WHERE export_id = @exportId ORDER BY created_at DESC, id", new { exportId }, cancellationToken);

    /// <summary>Links that open something, of all exports, the newest first, and how many there are.</summary>
    /// <param name="most">How many are named, at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<LiveShares> LiveAsync(int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var total = await connection.ExecuteScalarAsync<long>(new CommandDefinition($"SELECT COUNT(*) FROM share_links WHERE {IsLive}", new { Now }, cancellationToken: cancellationToken));
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"""
            SELECT {Columns}, exports.archive_name, exports.state AS export_state FROM share_links JOIN exports ON exports.id = share_links.export_id
            WHERE {IsLive} ORDER BY share_links.created_at DESC, share_links.id LIMIT @most
            """,
            new { Now, most },
            cancellationToken: cancellationToken));
        return new LiveShares([.. rows.Select(row => new LiveShare(row.ToLink(), row.ArchiveName, row.ExportState is "ready"))], (int)total);
    }

    /// <summary>Ends a link.</summary>
    /// <returns>Whether it had not been revoked before.</returns>
    public async Task<bool> RevokeAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE share_links SET revoked_at = @Now WHERE id = @id AND revoked_at IS NULL", new { id, Now }, cancellationToken: cancellationToken)) == 1;
    }

    /// <summary>Begins a download that counts, unless the link is over or used up. Of any number at once, on any nodes, no more than the limit begin.</summary>
    public async Task<bool> TryBeginAsync(ShareLink link, int part, string from, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var parameters = new { Id = ShortId.Create(), LinkId = link.Id, part, from, Now };

        // Updating the row holds it against other nodes until this download is counted.
        var live = await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE share_links SET last_used_at = @Now WHERE id = @LinkId AND revoked_at IS NULL AND expires_at > @Now", parameters, transaction, cancellationToken: cancellationToken));
        var begun = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT COUNT(*) FROM share_downloads WHERE link_id = @LinkId AND part = @part", parameters, transaction, cancellationToken: cancellationToken));
        if (live == 0 || begun >= link.MaxDownloads)
        {
            return false;
        }

        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO share_downloads (id, link_id, part, from_address, started_at) VALUES (@Id, @LinkId, @part, @from, @Now)", parameters, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Whether a download of this archive was counted for an address.</summary>
    public async Task<bool> HasBegunAsync(string linkId, int part, string from, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT COUNT(*) FROM share_downloads WHERE link_id = @linkId AND part = @part AND from_address = @from",
            new { linkId, part, from },
            cancellationToken: cancellationToken)) > 0;
    }

    private async Task<IReadOnlyList<ShareLink>> SelectAsync(string condition, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition($"SELECT {Columns} FROM share_links {condition}", parameters, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToLink())];
    }

    private sealed class Row
    {
        public string Id { get; set; } = "";

        public string ExportId { get; set; } = "";

        public string CreatedBy { get; set; } = "";

        public long CreatedAt { get; set; }

        public long ExpiresAt { get; set; }

        public string? PasswordHash { get; set; }

        public long? MaxDownloads { get; set; }

        public long? Downloads { get; set; }

        public long? RevokedAt { get; set; }

        public long? LastUsedAt { get; set; }

        public string ArchiveName { get; set; } = "";

        public string ExportState { get; set; } = "";

        public ShareLink ToLink() => new()
        {
            Id = Id,
            ExportId = ExportId,
            CreatedBy = CreatedBy,
            CreatedAt = CreatedAt.ToTime(),
            ExpiresAt = ExpiresAt.ToTime(),
            PasswordHash = PasswordHash,
            MaxDownloads = (int?)MaxDownloads,
            Downloads = (int)(Downloads ?? 0),
            RevokedAt = RevokedAt.ToTime(),
            LastUsedAt = LastUsedAt.ToTime(),
        };
    }
}
