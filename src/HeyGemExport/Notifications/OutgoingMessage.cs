namespace HeyGemExport.Notifications;

/// <param name="Body">JSON in UTF-8.</param>
/// <param name="Headers">Besides the content's.</param>
internal sealed record OutgoingMessage(Uri Url, byte[] Body, IReadOnlyList<(string Name, string Value)> Headers);

/// <param name="Link">A page, and what its link says; null without one.</param>
internal sealed record ChatMessage(string Title, IReadOnlyList<string> Lines, (string Text, string Url)? Link);

internal sealed class NotificationFormats(NotificationTexts texts, TimeProvider time)
{
    internal OutgoingMessage Write(NotificationTarget target, string deliveryId, NotificationPayload payload) => target.Kind switch
    {
        TargetKind.Webhook => SignedWebhook.Write(target, deliveryId, payload, time.GetUtcNow()),
        TargetKind.DingTalk => BotMessages.DingTalk(target, texts.Of(payload, target.Language), time.GetUtcNow()),
        TargetKind.WeCom => BotMessages.WeCom(target, texts.Of(payload, target.Language)),
        _ => BotMessages.Feishu(target, texts.Of(payload, target.Language), time.GetUtcNow()),
    };
}
