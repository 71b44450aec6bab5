using HeyGemExport.Exports;

namespace HeyGemExport.Uploads;

/// <summary>Examples of the OpenAPI document.</summary>
internal static class UploadExamples
{
    private const string Key = "results/2025/heygem_batch_result_20251219_1430_rptwtafkf45f.zip";

    private const long Bytes = 412_346_210;

    public static readonly object Request = new { destination = "oss", what = "archive" };

    public static readonly object LinkRequest = new { number = 0, seconds = 86_400 };

    public static readonly UploadResponse Ready = new(
        "d4kx7n2pq6wy", ExportExamples.Ready.Id, "oss", "s3://videos/" + Key, "archive", DropLocal: false, "ready", Bytes, Bytes,
        "key:nightly", ExportExamples.At,
        [
            new DeliveredObject(
                0, Key, "s3://videos/" + Key, ExportExamples.Ready.ArchiveName, Bytes, ExportExamples.Ready.ArchiveSha256!, Arrived: true),
        ],
        StartedAt: ExportExamples.At.AddSeconds(10), FinishedAt: ExportExamples.At.AddSeconds(42));

    public static readonly UploadResponse Queued = Ready with
    {
        State = "queued", TotalBytes = 0, DoneBytes = 0, Objects = [], StartedAt = null, FinishedAt = null,
    };

    public static readonly ObjectLink Link = new(
        $"https://videos.s3.oss-cn-hangzhou.aliyuncs.com/{Key}?X-Amz-Expires=86400&X-Amz-Signature=…", ExportExamples.At.AddDays(1));

    public static readonly DestinationListResponse Destinations =
        new([new DestinationResponse("oss", "s3.oss-cn-hangzhou.aliyuncs.com", "s3://videos/results", DropLocalAfterDelivery: false)]);
}
