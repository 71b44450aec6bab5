using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Jobs;
using HeyGemExport.Uploads.Sending;

namespace HeyGemExport.Uploads;

/// <summary>Every change of an upload's state. A retry resumes: what has arrived is not sent again.</summary>
internal sealed class UploadTransitions(Database database, JobNode node, TimeProvider time) : JobRecords(database, node, time, Table)
{
    public const int MaxAttempts = 20;

    private static readonly JobTable Table = new(
        "deliveries", Claimed: "sending", Running: "'sending'", Retryable: "'failed'", Progress: "done_bytes = @DoneBytes");

    /// <summary>Remembers a multipart upload, so that another process can resume or abort it; null forgets it.</summary>
    public Task<bool> RememberAsync(string id, int ordinal, BegunUpload? begun, CancellationToken cancellationToken) => ChangeAsync(
        """
        UPDATE delivery_objects SET upload_id = CAST(@Id AS TEXT), part_bytes = CAST(@PartBytes AS BIGINT)
        WHERE delivery_id = @upload AND ordinal = @ordinal
        """,
        new { upload = id, ordinal, begun?.Id, begun?.PartBytes },
        cancellationToken);

    public Task<bool> ArriveAsync(string id, int ordinal, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE delivery_objects SET arrived = 1, upload_id = NULL WHERE delivery_id = @id AND ordinal = @ordinal", new { id, ordinal },
        cancellationToken);

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
