using HeyGemExport.Exports;

namespace HeyGemExport.Shares;

/// <summary>Examples of the OpenAPI document.</summary>
internal static class ShareExamples
{
    public static readonly object Request =
        new { title = "三月培训视频", sender = "王老师", days = 7, password = "k7mf-9xqd-h4tn", maxDownloads = 3 };

    public static readonly ShareEndpoints.ShareResponse Listed = new(
        "q3b7xk2mfa5d", ExportExamples.Ready.Id, "live", "alice", ExportExamples.At, ExportExamples.At.AddDays(7), HasPassword: true,
        MaxDownloads: 3, Downloads: 1, LastUsedAt: ExportExamples.At.AddHours(2), Url: null, "三月培训视频", "王老师");

    public static readonly ShareEndpoints.ShareResponse Created = Listed with
    {
        Downloads = 0, LastUsedAt = null, Url = "https://videos.example.com/s/Zx3v0q5B1rJkS8yWc7nTfLhUdE2mGp9aKoQi4RtYwXs",
    };
}
