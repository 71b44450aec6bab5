namespace HeyGemExport.Notifications;

/// <param name="Body">JSON in UTF-8.</param>
/// <param name="Headers">Besides the content's.</param>
internal sealed record OutgoingMessage(Uri Url, byte[] Body, IReadOnlyList<(string Name, string Value)> Headers);

internal sealed class NotificationFormats(NotificationTexts texts, TimeProvider time)
{
    internal OutgoingMessage Write(NotificationTarget target, string deliveryId, NotificationPayload notice)
    {
        var now = time.GetUtcNow();
        return target.Kind switch
        {
            TargetKind.Webhook => SignedWebhook.Write(target, deliveryId, notice, now),
            TargetKind.DingTalk => BotMessages.DingTalk(target, texts.Of(notice, target.Language), now),
            TargetKind.WeCom => BotMessages.WeCom(target, texts.Of(notice, target.Language)),
            _ => BotMessages.Feishu(target, texts.Of(notice, target.Language), now),
        };
    }
}
