using System.Text.Encodings.Web;
using System.Text.Json;
using HeyGemExport.Exports;

namespace HeyGemExport.Notifications;

internal static class NotificationEvents
{
    public const string Ready = "ready";
    public const string Failed = "failed";
    public const string Test = "test";

    public static IReadOnlyList<string> All { get; } = [Ready, Failed];
}

/// <summary>What is told about an export that ended, as it was then: each attempt tells the same.</summary>
/// <param name="Event">One of <see cref="NotificationEvents"/>.</param>
/// <param name="ArchiveBytes">Length of all archives together, when ready.</param>
/// <param name="ArchiveSha256">Of the archive, when there is one alone.</param>
/// <param name="LeftOutCount">Files that were promised and left out, as the person chose.</param>
/// <param name="ExpiresAt">When the archive goes, if nobody uses it.</param>
/// <param name="Content">The first batches and files; null for exports of earlier versions.</param>
/// <param name="Url">The export's page, where <c>Http:PublicUrl</c> says how people reach the app.</param>
internal sealed record NotificationPayload(
    string Event, string ExportId, DateTimeOffset EndedAt, int FileCount, long TotalBytes, string ArchiveName, long? ArchiveBytes,
    string? ArchiveSha256, int PartCount, int LeftOutCount, string RequestedBy, DateTimeOffset? ExpiresAt,
    string? ErrorCode, IReadOnlyList<string>? ErrorArgs, string? Url, ExportContent? Content = null)
{
    internal static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static NotificationPayload Of(Export export, string? url) => new(
        export.State == ExportState.Failed ? NotificationEvents.Failed : NotificationEvents.Ready,
        export.Id, export.FinishedAt ?? export.CreatedAt, export.FileCount, export.TotalBytes, export.ArchiveName, export.ArchiveBytes,
        export.ArchiveSha256, export.Parts.Count, export.LeftOut.Count, export.RequestedBy, export.ExpiresAt,
        export.Error?.Code, export.Error?.Args, url, export.Content);

    public static NotificationPayload Test(DateTimeOffset now, string who, string? url) =>
        new(NotificationEvents.Test, "", now, 0, 0, "", null, null, 0, 0, who, null, null, null, url);
}
