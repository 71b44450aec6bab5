using HeyGemExport.Exports;

namespace HeyGemExport.Uploads;

internal sealed record UploadResponse
{
    public required string Id { get; init; }
    public required string ExportId { get; init; }
    public required string Destination { get; init; }

    /// <summary>Where it is: <c>s3://bucket/key</c> of the object, or of what several begin with.</summary>
    public required string Address { get; init; }

    /// <summary><c>archive</c> or <c>videos</c>.</summary>
    public required string What { get; init; }

    /// <summary>Whether the archive here is removed afterwards.</summary>
    public required bool DropLocal { get; init; }

    /// <summary><c>queued</c>, <c>sending</c>, <c>ready</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public required string State { get; init; }

    /// <summary>Bytes of all objects; 0 until it has begun.</summary>
    public required long TotalBytes { get; init; }
    public required long DoneBytes { get; init; }
    public double? BytesPerSecond { get; init; }
    public double? EtaSeconds { get; init; }
    public required string RequestedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public required IReadOnlyList<DeliveredObject> Objects { get; init; }
    public ErrorResponse? Error { get; init; }

    public static UploadResponse Of(Upload upload, UploadErrorTexts texts) => new UploadResponse
    {
        Id = upload.Id,
        ExportId = upload.ExportId,
        Destination = upload.Destination,
        Address = upload.Address,
        What = upload.What.ToString().ToLowerInvariant(),
        DropLocal = upload.DropLocal,
        State = upload.State.ToString().ToLowerInvariant(),
        TotalBytes = upload.TotalBytes,
        DoneBytes = upload.DoneBytes,
        BytesPerSecond = upload.BytesPerSecond,
        EtaSeconds = upload.EtaSeconds,
        RequestedBy = upload.RequestedBy,
        CreatedAt = upload.CreatedAt,
        StartedAt = upload.StartedAt,
        FinishedAt = upload.FinishedAt,
        Objects =
        [
            .. upload.Objects.Select(item => new DeliveredObject(
                item.Ordinal, item.Key, ObjectKey.Address(upload.Bucket, item.Key), item.Source, item.Bytes, item.Sha256, item.Arrived)),
        ],
        Error = upload.Error is { } error ? texts.Describe(error) : null,
    };
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
