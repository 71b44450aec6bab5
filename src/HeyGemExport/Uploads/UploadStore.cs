using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Jobs;
using HeyGemExport.Uploads.Sending;

namespace HeyGemExport.Uploads;

/// <summary>Records of uploads: how they are made and read. <see cref="UploadTransitions"/> changes their state.</summary>
internal sealed class UploadStore(Database database)
{
    public Task<bool> TryInsertAsync(Upload upload, CancellationToken cancellationToken) => database.InTransactionAsync(
        async session =>
        {
            var inserted = await InsertAsync(session, upload) == 1;
            if (inserted)
            {
                await session.ExecuteAsync(UploadOwners.Insert, new { upload.Id, Who = upload.RequestedBy });
            }

            return inserted;
        },
        cancellationToken);

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
          AND (state = 'cancelled' OR (state = 'failed' AND (finished_at < @failedBefore
            OR export_id IN (SELECT id FROM exports WHERE state IN ('failed', 'cancelled')))))
        """,
        new { failedBefore },
        cancellationToken);

    private static Task<int> InsertAsync(DatabaseSession session, Upload upload) => session.ExecuteAsync(
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
        });

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

/// <summary>Every change of an upload's state. A retry resumes: what has arrived is not sent again.</summary>
internal sealed class UploadTransitions(Database database, JobNode node, TimeProvider time) : JobRecords(database, node, time, Table)
{
    public const int MaxAttempts = 20;

    private static readonly JobTable Table = new(
        "deliveries", Claimed: "sending", Running: "'sending'", Retryable: "'failed'",
        Progress: "done_bytes = @DoneBytes, bytes_per_second = @Speed", OnClaim: ", bytes_per_second = NULL");

    /// <summary>Remembers a multipart upload, so that another process can resume or abort it; null forgets it.</summary>
    public Task<bool> RememberAsync(string id, int ordinal, BegunUpload? begun, CancellationToken cancellationToken) => ChangeAsync(
        """
        UPDATE delivery_objects SET upload_id = CAST(@Id AS TEXT), part_bytes = CAST(@PartBytes AS BIGINT)
        WHERE delivery_id = @upload AND ordinal = @ordinal
        """,
        new { upload = id, ordinal, begun?.Id, begun?.PartBytes },
        cancellationToken,
        row: "delivery_id");

    public Task<bool> ArriveAsync(string id, int ordinal, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE delivery_objects SET arrived = 1, upload_id = NULL WHERE delivery_id = @id AND ordinal = @ordinal", new { id, ordinal },
        cancellationToken, row: "delivery_id");

    public Task<bool> FinishAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        """
        UPDATE deliveries SET state = 'ready', finished_at = @Now, done_bytes = total_bytes, claimed_by = NULL, error_json = NULL
        WHERE id = @id AND claimed_by = @Node AND state = 'sending'
        """,
        new { id, Node, Now },
        cancellationToken);

    public Task<bool> FailAsync(string id, ExportError error, CancellationToken cancellationToken) =>
        FailAsync(id, ExportJson.Write(error), cancellationToken);
}

internal sealed class UploadProgressBoard(TimeProvider time) : ProgressBoard(time)
{
    public IProgress<long> Begin(string id, long arrivedBytes) => Begin(id, UploadState.Sending, arrivedBytes);

    public Upload Freshen(Upload upload)
    {
        if (upload.State is UploadState.Sending && LatestOf(upload.Id, upload.State) is { } latest)
        {
            upload = upload with
            {
                DoneBytes = Math.Min(latest.DoneBytes, upload.TotalBytes), BytesPerSecond = latest.BytesPerSecond,
            };
        }

        if (upload.State is not UploadState.Sending)
        {
            return upload with { BytesPerSecond = null };
        }

        return upload with
        {
            EtaSeconds = upload.BytesPerSecond is > 0 and var speed ? (upload.TotalBytes - upload.DoneBytes) / speed : null,
        };
    }
}
