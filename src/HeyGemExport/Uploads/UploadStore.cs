using HeyGemExport.Data;

namespace HeyGemExport.Uploads;

/// <summary>Records of uploads: how they are made and read. <see cref="UploadTransitions"/> changes their state.</summary>
internal sealed class UploadStore(Database database)
{
    public async Task<bool> TryInsertAsync(Upload upload, CancellationToken cancellationToken) => await database.ExecuteAsync(
        """
        INSERT INTO deliveries (id, export_id, destination, bucket, prefix, what, drop_local, state,
                                requested_by, requested_from, created_at)
        VALUES (@Id, @ExportId, @Destination, @Bucket, @Prefix, @What, @DropLocal, 'queued', @RequestedBy, @RequestedFrom, @CreatedAt)
        ON CONFLICT DO NOTHING
        """,
        new
        {
            upload.Id, upload.ExportId, upload.Destination, upload.Bucket, upload.Prefix, What = Stored(upload), upload.DropLocal,
            upload.RequestedBy, upload.RequestedFrom, upload.CreatedAt,
        },
        cancellationToken) == 1;

    public Task PlanAsync(string id, IReadOnlyList<UploadObject> objects, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
        async session =>
        {
            await session.ExecuteAsync(
                """
                INSERT INTO delivery_objects (delivery_id, ordinal, key, source, bytes, sha256)
                VALUES (@id, @Ordinal, @Key, @Source, @Bytes, @Sha256)
                """,
                objects.Select(item => new { id, item.Ordinal, item.Key, item.Source, item.Bytes, item.Sha256 }));
            return await session.ExecuteAsync(
                "UPDATE deliveries SET total_bytes = @total WHERE id = @id", new { id, total = objects.Sum(item => item.Bytes) });
        },
        cancellationToken);

    public async Task<Upload?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await SelectAsync("WHERE id = @id", new { id }, cancellationToken)).SingleOrDefault();

    public async Task<Upload?> FindLiveTwinAsync(Upload upload, CancellationToken cancellationToken) => (await SelectAsync(
        """
        WHERE export_id = @ExportId AND destination = @Destination AND prefix = @Prefix AND what = @What AND state IN ('queued', 'sending')
        """,
        new { upload.ExportId, upload.Destination, upload.Prefix, What = Stored(upload) },
        cancellationToken)).SingleOrDefault();

    public Task<IReadOnlyList<Upload>> OfExportAsync(string exportId, CancellationToken cancellationToken) =>
        SelectAsync("WHERE export_id = @exportId ORDER BY created_at DESC, id DESC", new { exportId }, cancellationToken);

    public Task<IReadOnlyList<Upload>> QueuedAsync(CancellationToken cancellationToken) =>
        SelectAsync("WHERE state = 'queued' ORDER BY created_at, id", parameters: null, cancellationToken);

    /// <summary>Uploads that ended and that nobody works on, of which the store still keeps parts.</summary>
    /// <param name="failedBefore">Those that failed later than this may still be resumed.</param>
    public Task<IReadOnlyList<Upload>> AbandonedAsync(DateTimeOffset failedBefore, CancellationToken cancellationToken) => SelectAsync(
        """
        WHERE id IN (SELECT delivery_id FROM delivery_objects WHERE upload_id IS NOT NULL AND arrived = 0) AND claimed_by IS NULL
          AND (state = 'cancelled' OR (state = 'failed' AND finished_at < @failedBefore))
        """,
        new { failedBefore },
        cancellationToken);

    private static string Stored(Upload upload) => upload.What.ToString().ToLowerInvariant();

    private async Task<IReadOnlyList<Upload>> SelectAsync(string condition, object? parameters, CancellationToken cancellationToken)
    {
        var uploads = await database.QueryAsync<Upload>(
            "SELECT deliveries.*, error_json AS error FROM deliveries " + condition, parameters, cancellationToken);
        if (uploads.Count == 0)
        {
            return uploads;
        }

        var objects = (await database.QueryAsync<UploadObject>(
            $"SELECT * FROM delivery_objects WHERE delivery_id IN (SELECT id FROM deliveries {condition}) ORDER BY delivery_id, ordinal",
            parameters, cancellationToken))
            .ToLookup(item => item.DeliveryId, StringComparer.Ordinal);
        return [.. uploads.Select(upload => upload with { Objects = [.. objects[upload.Id]] })];
    }
}
