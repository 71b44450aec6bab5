using System.Security.Cryptography;
using Dapper;
using HeyGemExport.Accounts;
using HeyGemExport.Data;

namespace HeyGemExport.Exports.Downloads;

/// <summary>One person's download of one archive, through all its requests.</summary>
/// <param name="Id">Ties the requests together in the audit trail.</param>
/// <param name="SentBytes">Different bytes of the archive that have been sent.</param>
/// <param name="Complete">Whether these are all of it.</param>
internal sealed record Download(string Id, long SentBytes, bool Complete);

/// <summary>What has been sent of each archive, to whom: a download that is resumed, or split over connections, is one.</summary>
internal sealed class DownloadLedger(Database database, TimeProvider time) : IDisposable
{
    // Eight connections of one download end at the same time; each must see what the one before wrote.
    private readonly SemaphoreSlim turn = new(1, 1);

    /// <summary>The download that a request belongs to; begins one when there is none.</summary>
    public Task<Download> BeginAsync(Export export, ArchivePart part, Caller caller, CancellationToken cancellationToken) =>
        UpdateAsync(export, part, caller, from: 0, sent: 0, cancellationToken);

    /// <summary>Adds what a request has really sent.</summary>
    public Task<Download> AddAsync(Export export, ArchivePart part, Caller caller, long from, long sent, CancellationToken cancellationToken) =>
        UpdateAsync(export, part, caller, from, sent, cancellationToken);

    /// <summary>Whether all bytes of an archive have been sent to a caller.</summary>
    public async Task<bool> IsCompleteAsync(string exportId, int part, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT COUNT(*) FROM downloads WHERE export_id = @exportId AND part = @part AND who = @Who AND from_address = @From AND complete = 1",
            new { exportId, part, caller.Who, caller.From },
            cancellationToken: cancellationToken)) > 0;
    }

    /// <summary>Exports with a download that broke off after a time, and has not been completed since.</summary>
    public async Task<IReadOnlySet<string>> InterruptedSinceAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var ids = await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT DISTINCT export_id FROM downloads WHERE complete = 0 AND last_at >= @since",
            new { since = since.ToStored() },
            cancellationToken: cancellationToken));
        return ids.ToHashSet(StringComparer.Ordinal);
    }

    public void Dispose() => turn.Dispose();

    private async Task<Download> UpdateAsync(Export export, ArchivePart part, Caller caller, long from, long sent, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var now = time.GetUtcNow();
            var key = new { Id = RandomNumberGenerator.GetHexString(16, lowercase: true), ExportId = export.Id, Part = part.Number, caller.Who, caller.From, Now = now.ToStored() };

            // Updating the row, even to what it is, holds it against other nodes until what they sent and this are added up.
            await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO downloads (id, export_id, part, who, from_address, started_at, last_at) VALUES (@Id, @ExportId, @Part, @Who, @From, @Now, @Now)
                ON CONFLICT (export_id, part, who, from_address) DO UPDATE SET last_at = @Now
                """,
                key,
                transaction,
                cancellationToken: cancellationToken));
            var row = await connection.QuerySingleAsync<Row>(new CommandDefinition(
                "SELECT id, ranges_json FROM downloads WHERE export_id = @ExportId AND part = @Part AND who = @Who AND from_address = @From",
                key,
                transaction,
                cancellationToken: cancellationToken));

            var ranges = ByteRanges.FromPairs(ExportJson.Read<long[][]>(row.RangesJson)).Add(from, sent);
            var download = new Download(row.Id, ranges.Total, ranges.Total >= part.Bytes);
            await connection.ExecuteAsync(new CommandDefinition(
                "UPDATE downloads SET last_at = @Now, bytes_sent = bytes_sent + @sent, ranges_json = @Ranges, complete = @Complete WHERE id = @Id",
                new { key.Now, sent, Ranges = ExportJson.Write(ranges.ToPairs()), Complete = download.Complete ? 1L : 0L, download.Id },
                transaction,
                cancellationToken: cancellationToken));
            await transaction.CommitAsync(cancellationToken);
            return download;
        }
        finally
        {
            turn.Release();
        }
    }

    private sealed class Row
    {
        public string Id { get; set; } = "";

        public string RangesJson { get; set; } = "";
    }
}
