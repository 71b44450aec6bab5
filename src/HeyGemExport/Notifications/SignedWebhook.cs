using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace HeyGemExport.Notifications;

/// <summary>The webhook of our own: JSON, signed by <c>X-HeyGem-Signature: sha256=&lt;hex of HMAC-SHA256 over timestamp.body&gt;</c>, where
/// the timestamp (seconds since 1970 UTC) is that of <c>X-HeyGem-Timestamp</c>. <c>X-HeyGem-Delivery</c> is the same in each
/// attempt.</summary>
internal static class SignedWebhook
{
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static OutgoingMessage Write(NotificationTarget target, string deliveryId, NotificationPayload notice, DateTimeOffset now)
    {
        var name = notice.Event is NotificationEvents.Test ? notice.Event : "export." + notice.Event;
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                id = deliveryId,
                @event = name,
                at = notice.EndedAt,
                export = notice.Event is NotificationEvents.Test ? null : Describe(notice),
            },
            Json);
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(timestamp + "."), .. body];
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(target.Secret), signed));
        return new OutgoingMessage(
            target.Url,
            body,
            [
                ("X-HeyGem-Event", name), ("X-HeyGem-Delivery", deliveryId), ("X-HeyGem-Timestamp", timestamp),
                ("X-HeyGem-Signature", "sha256=" + signature),
            ]);
    }

    private static object Describe(NotificationPayload notice) => new
    {
        id = notice.ExportId,
        state = notice.Event,
        notice.FileCount,
        notice.TotalBytes,
        notice.ArchiveName,
        notice.ArchiveBytes,
        notice.ArchiveSha256,
        notice.PartCount,
        notice.LeftOutCount,
        notice.RequestedBy,
        finishedAt = notice.EndedAt,
        notice.ExpiresAt,
        error = notice.ErrorCode is { } code ? new { code } : null,
        notice.Url,
    };
}
