using HeyGemExport.Accounts;
using HeyGemExport.Exports;
using HeyGemExport.Library;
using HeyGemExport.Localization;

namespace HeyGemExport.Notifications;

internal sealed class NotificationTexts(IStringLocalizer<NotificationTexts> texts, ExportErrorTexts errors, TimeProvider time)
{
    public ChatMessage Of(NotificationPayload payload, CultureInfo language)
    {
        var (culture, uiCulture) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (language, language);
        try
        {
            (string, string)? link = payload.Url is { } url ? (texts["Link"], url) : null;
            return new ChatMessage(texts["Title." + payload.Event], [.. Lines(payload)], link);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, uiCulture);
        }
    }

    private IEnumerable<string> Lines(NotificationPayload payload)
    {
        var who = string.Equals(payload.RequestedBy, Caller.Anonymous, StringComparison.Ordinal)
            ? texts["Anonymous"].Value
            : payload.RequestedBy;
        if (payload.Event is NotificationEvents.Test)
        {
            yield return texts["TestLine", who];
            yield break;
        }

        yield return texts["Archive", payload.ArchiveName];
        foreach (var batch in payload.Content?.Batches ?? [])
        {
            yield return texts["Batch", batch.Name is Video.Ungrouped ? texts["Ungrouped"].Value : batch.Name, batch.FileCount];
        }

        if (payload.Content is { } content && content.BatchCount > content.Batches.Count)
        {
            yield return texts["MoreBatches", content.BatchCount - content.Batches.Count];
        }

        yield return texts["Content", payload.FileCount, ByteSize.Format(payload.ArchiveBytes ?? payload.TotalBytes)];
        if (payload.PartCount > 1)
        {
            yield return texts["Parts", payload.PartCount];
        }

        if (payload.LeftOutCount > 0)
        {
            yield return texts["LeftOut", payload.LeftOutCount];
        }

        if (payload.ErrorCode is { } code)
        {
            yield return texts["Reason", errors.Message(new ExportError(code, payload.ErrorArgs), namesFolders: false)];
        }

        if (payload.ExpiresAt is { } expires)
        {
            yield return texts["Expires", Local(expires)];
        }

        yield return texts["By", who];
    }

    private string Local(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
