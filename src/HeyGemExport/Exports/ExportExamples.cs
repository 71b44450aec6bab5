namespace HeyGemExport.Exports;

/// <summary>Examples of the OpenAPI document.</summary>
internal static class ExportExamples
{
    private const string Sum = "9f2c8a41d0c6a6f5b0f1f2a5c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f6";

    public static readonly DateTimeOffset At = new(2025, 12, 19, 14, 30, 22, TimeSpan.FromHours(8));

    public static readonly object Request = new
    {
        selection = new { batches = new[] { "batch_20251219_1423" }, tags = new[] { "已审" } },
        options = new { compression = "store", checksums = true },
    };

    public static readonly ExportResponse Ready = new(
        "rptwtafkf45f", "ready", 2, 412_345_678, 2, 412_345_678, 412_345_678, "heygem_batch_result_20251219_1430_rptwtafkf45f.zip",
        [
            new PartResponse(
                1, "heygem_batch_result_20251219_1430_rptwtafkf45f.zip", 2, 412_346_210, Sum, "/exports/rptwtafkf45f/parts/1/download"),
        ],
        [], "key:nightly", At, OverSoftLimit: false, ArchiveBytes: 412_346_210, ArchiveSha256: Sum,
        DownloadUrl: "/exports/rptwtafkf45f/download", StartedAt: At.AddSeconds(1), FinishedAt: At.AddSeconds(9),
        ExpiresAt: At.AddDays(1), DownloadName: "batch_20251219_1423_2个_20251219_1430.zip",
        Content: new ExportContent(
            [new BatchContent("batch_20251219_1423", 2)], 1,
            ["batch_20251219_1423/课程第01讲_王老师.mp4", "batch_20251219_1423/课程第02讲_王老师.mp4"]));

    public static readonly ExportResponse Queued = Ready with
    {
        State = "queued", DoneFiles = 0, DoneBytes = 0, VerifiedBytes = 0, Parts = [], ArchiveBytes = null, ArchiveSha256 = null,
        DownloadUrl = null, StartedAt = null, FinishedAt = null, ExpiresAt = null,
    };

    public static readonly ExportResponse Building = Queued with
    {
        State = "building", DoneFiles = 1, DoneBytes = 206_172_839, StartedAt = Ready.StartedAt, BytesPerSecond = 310_000_000,
        EtaSeconds = 1.3,
    };

    public static readonly ExportResponse Failed = Building with
    {
        State = "failed", BytesPerSecond = null, EtaSeconds = null, FinishedAt = Ready.FinishedAt,
        Error = new ErrorResponse(
            "source-vanished", "1 个视频在打包期间被移走或删除。", "请刷新列表后重新打包。",
            [new FileIssue("batch_20251219_1423/课程第02讲_王老师.mp4", "vanished")]),
    };

    public static readonly PreviewResponse Preview = new(
        2, 412_345_678, [new FileIssue("batch_20251219_1423/课程第03讲_李老师.mp4", "writing")], 412_347_000, 96_000_000_000, 1.6, [], 1,
        Refusal: null, IncompleteBatches: [], CanBeInstant: false);

    public static readonly ExportListResponse List = new([Building, Ready], 2, 1, 50);
}
