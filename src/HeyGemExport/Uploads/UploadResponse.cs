using HeyGemExport.Exports;

namespace HeyGemExport.Uploads;

/// <param name="Address">Where it is: <c>s3://bucket/key</c> of the object, or of what several begin with.</param>
/// <param name="What"><c>archive</c> or <c>videos</c>.</param>
/// <param name="DropLocal">Whether the archive here is removed afterwards.</param>
/// <param name="State"><c>queued</c>, <c>sending</c>, <c>ready</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="TotalBytes">Bytes of all objects; 0 until it has begun.</param>
internal sealed record UploadResponse(
    string Id, string ExportId, string Destination, string Address, string What, bool DropLocal, string State,
    long TotalBytes, long DoneBytes, string RequestedBy, DateTimeOffset CreatedAt, IReadOnlyList<DeliveredObject> Objects,
    double? BytesPerSecond = null, double? EtaSeconds = null, DateTimeOffset? StartedAt = null, DateTimeOffset? FinishedAt = null,
    ErrorResponse? Error = null)
{
    public static UploadResponse Of(Upload upload, UploadErrorTexts texts) => new(
        upload.Id, upload.ExportId, upload.Destination, upload.Address,
        upload.What.ToString().ToLowerInvariant(), upload.DropLocal, upload.State.ToString().ToLowerInvariant(),
        upload.TotalBytes, upload.DoneBytes, upload.RequestedBy, upload.CreatedAt,
        [.. upload.Objects.Select(item => new DeliveredObject(
            item.Ordinal, item.Key, ObjectKey.Address(upload.Bucket, item.Key), item.Source, item.Bytes, item.Sha256, item.Arrived))],
        upload.BytesPerSecond, upload.EtaSeconds, upload.StartedAt, upload.FinishedAt,
        upload.Error is { } error ? texts.Describe(error) : null);
}

/// <param name="Number">Names it in a request for a link; from 0.</param>
/// <param name="Key">Its key in the bucket.</param>
/// <param name="Address"><c>s3://bucket/key</c>.</param>
/// <param name="Source">The archive's name, or the video's path; null for the manifest.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256, lower-case hex.</param>
/// <param name="Arrived">Whether it has been verified there.</param>
internal sealed record DeliveredObject(int Number, string Key, string Address, string? Source, long Bytes, string Sha256, bool Arrived);

internal sealed record UploadListResponse(IReadOnlyList<UploadResponse> Items);

/// <param name="Number">The object's number.</param>
/// <param name="Seconds">How long the link works; 60 to 604,800. Default an hour.</param>
internal sealed record LinkRequestBody(int Number = 0, int Seconds = 3600);

/// <summary>A destination as the API answers it. Holds no secret.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Host">Whom the requests go to.</param>
/// <param name="Address"><c>s3://bucket/prefix</c>.</param>
/// <param name="DropLocalAfterDelivery">Whether archives here are removed after their delivery unless the request says otherwise.</param>
internal sealed record DestinationResponse(string Name, string Host, string Address, bool DropLocalAfterDelivery);

internal sealed record DestinationListResponse(IReadOnlyList<DestinationResponse> Items);

/// <param name="Ok">Whether an object could be written, read back and removed.</param>
/// <param name="Error">What is wrong; null when nothing is.</param>
internal sealed record DestinationTestResponse(bool Ok, ErrorResponse? Error);
