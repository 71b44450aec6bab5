using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace HeyGemExport.Notifications;

/// <summary>The webhook of our own: JSON, signed by <c>X-HeyGem-Signature: sha256=&lt;hex of HMAC-SHA256 over timestamp.body&gt;</c>, where
/// the timestamp (seconds since 1970 UTC) is that of <c>X-HeyGem-Timestamp</c>. <c>X-HeyGem-Delivery</c> is the same in each
/// attempt.</summary>
internal static class SignedWebhook
{
    public static OutgoingMessage Write(NotificationTarget target, string deliveryId, NotificationPayload payload, DateTimeOffset now)
    {
        var name = payload.Event is NotificationEvents.Test ? payload.Event : "export." + payload.Event;
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                id = deliveryId,
                @event = name,
                at = payload.EndedAt,
                export = payload.Event is NotificationEvents.Test ? null : Describe(payload),
            },
            NotificationPayload.Json);
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

    private static object Describe(NotificationPayload payload) => new
    {
        id = payload.ExportId,
        state = payload.Event,
        payload.FileCount,
        payload.TotalBytes,
        payload.ArchiveName,
        payload.Content,
        payload.ArchiveBytes,
        payload.ArchiveSha256,
        payload.PartCount,
        payload.LeftOutCount,
        payload.RequestedBy,
        finishedAt = payload.EndedAt,
        payload.ExpiresAt,
        error = payload.ErrorCode is { } code ? new { code } : null,
        payload.Url,
    };
}
