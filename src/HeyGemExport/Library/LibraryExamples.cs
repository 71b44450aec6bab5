using HeyGemExport.Library.Tags;
using HeyGemExport.Library.Tasks;

namespace HeyGemExport.Library;

/// <summary>Examples of the OpenAPI document.</summary>
internal static class LibraryExamples
{
    private const string Batch = "batch_20251219_1423";

    private static readonly DateTimeOffset At = new(2025, 12, 19, 14, 25, 3, TimeSpan.FromHours(8));

    public static readonly VideoList Videos = new(
        [
            new VideoItem(
                $"{Batch}/课程第01讲_王老师.mp4", "课程第01讲_王老师.mp4", Batch, 206_172_839, At, "ready", StateReason: null, StateCode: null,
                Notes: [], Tags: ["已审"], 93.4, 1080, 1920),
            new VideoItem(
                $"{Batch}/课程第03讲_李老师.mp4", "课程第03讲_李老师.mp4", Batch, 84_213_760, At.AddMinutes(4), "writing", "正在写入",
                "settling", Notes: [], Tags: [], DurationSeconds: null, Width: null, Height: null),
        ],
        2, 290_386_599, 1, 100, At.AddMinutes(5), Fault: null);

    public static readonly BatchList Batches = new(
    [
        new BatchItem(
            Batch, 3, 2, 496_559_438, At.AddMinutes(4), Expected: 4, Present: 2, Unlisted: 0, MissingCount: 2,
            [
                new MissingItem("课程第03讲_李老师", "课程第03讲_李老师.mp4", "rendering", "writing"),
                new MissingItem("课程第04讲_李老师", "课程第04讲_李老师.mp4", "queued", VideoState: null),
            ],
            TaskListFault: null, Tags: ["培训"], TagFileFault: null),
    ]);

    public static readonly TagListResponse Tags = new([new TagSummary("已审", 12, 12, 2_474_074_068, 1)]);

    public static readonly object TagRequest = new { paths = new[] { $"{Batch}/课程第01讲_王老师.mp4" }, add = new[] { "已审" } };
}
