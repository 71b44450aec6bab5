using Dapper;
using HeyGemExport.Data;

namespace HeyGemExport.Uploads;

/// <summary>Records of deliveries: how they are made and read. <see cref="UploadTransitions"/> changes their state.</summary>
internal sealed class UploadStore(Database database)
{
    /// <summary>Records a queued delivery, unless the same is under way.</summary>
    /// <returns>Whether it was recorded.</returns>
    public async Task<bool> TryInsertAsync(Upload delivery, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO deliveries (id, export_id, destination, bucket, prefix, what, drop_local, state, requested_by, requested_from, created_at)
            VALUES (@Id, @ExportId, @Destination, @Bucket, @Prefix, @What, @DropLocal, 'queued', @RequestedBy, @RequestedFrom, @CreatedAt)
            ON CONFLICT DO NOTHING
            """,
            new
            {
                delivery.Id,
                delivery.ExportId,
                delivery.Destination,
                delivery.Bucket,
                delivery.Prefix,
                What = UploadRow.Stored(delivery.What),
                DropLocal = delivery.DropLocal ? 1L : 0L,
                delivery.RequestedBy,
                delivery.RequestedFrom,
                CreatedAt = delivery.CreatedAt.ToStored(),
            },
            cancellationToken: cancellationToken)) == 1;
    }

    /// <summary>Records the objects of a delivery that begins, and their bytes.</summary>
    public async Task PlanAsync(string id, IReadOnlyList<UploadObject> objects, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO delivery_objects (delivery_id, ordinal, key, source, bytes, sha256) VALUES (@id, @Ordinal, @Key, @Source, @Bytes, @Sha256)",
            objects.Select(item => new { id, item.Ordinal, item.Key, item.Source, item.Bytes, item.Sha256 }),
            transaction,
            cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE deliveries SET total_bytes = @total WHERE id = @id", new { id, total = objects.Sum(item => item.Bytes) }, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The delivery, or null.</summary>
    public async Task<Upload?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await SelectAsync("WHERE id = @id", new { id }, cancellationToken)).SingleOrDefault();

    /// <summary>The delivery of the same that is under way, or null.</summary>
    public async Task<Upload?> FindLiveTwinAsync(Upload delivery, CancellationToken cancellationToken)
    {
        return (await SelectAsync(
            "WHERE export_id = @ExportId AND destination = @Destination AND prefix = @Prefix AND what = @What AND state IN ('queued', 'sending')",
            new { delivery.ExportId, delivery.Destination, delivery.Prefix, What = UploadRow.Stored(delivery.What) },
            cancellationToken)).SingleOrDefault();
    }

    /// <summary>The deliveries of an export, newest first.</summary>
    public Task<IReadOnlyList<Upload>> OfExportAsync(string exportId, CancellationToken cancellationToken) =>
        SelectAsync("WHERE export_id = @exportId ORDER BY created_at DESC, id DESC", new { exportId }, cancellationToken);

    /// <summary>What waits, oldest first.</summary>
    public Task<IReadOnlyList<Upload>> QueuedAsync(CancellationToken cancellationToken) =>
        SelectAsync("WHERE state = 'queued' ORDER BY created_at, id", new { }, cancellationToken);

    /// <summary>Deliveries that ended and that nobody works on, with uploads that the store still keeps parts of.</summary>
    /// <param name="failedBefore">Those that failed later than this may still be gone on with.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public Task<IReadOnlyList<Upload>> AbandonedAsync(DateTimeOffset failedBefore, CancellationToken cancellationToken) => SelectAsync(
        """
        WHERE id IN (SELECT delivery_id FROM delivery_objects WHERE upload_id IS NOT NULL AND arrived = 0) AND claimed_by IS NULL
          AND (state = 'cancelled' OR (state = 'failed' AND finished_at < @failedBefore))
        """,
        new { failedBefore = failedBefore.ToStored() },
        cancellationToken);

    private async Task<IReadOnlyList<Upload>> SelectAsync(string condition, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = (await connection.QueryAsync<UploadRow>(new CommandDefinition(
            "SELECT * FROM deliveries " + condition, parameters, cancellationToken: cancellationToken))).AsList();
        if (rows.Count == 0)
        {
            return [];
        }

        var objects = (await connection.QueryAsync<UploadRow.ObjectRow>(new CommandDefinition(
            $"SELECT * FROM delivery_objects WHERE delivery_id IN (SELECT id FROM deliveries {condition}) ORDER BY delivery_id, ordinal", parameters, cancellationToken: cancellationToken)))
            .ToLookup(row => row.DeliveryId, StringComparer.Ordinal);
        return [.. rows.Select(row => row.ToRecord(objects[row.Id]))];
    }
}
