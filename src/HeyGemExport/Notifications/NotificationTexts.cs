using System.Globalization;
using HeyGemExport.Accounts;
using HeyGemExport.Exports;
using HeyGemExport.Localization;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Notifications;

internal sealed class NotificationTexts(IStringLocalizer<NotificationTexts> texts, ExportErrorTexts errors, TimeProvider time)
{
    public ChatMessage Of(NotificationPayload notice, CultureInfo language)
    {
        var (culture, uiCulture) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (language, language);
        try
        {
            return new ChatMessage(texts["Title." + notice.Event], [.. Lines(notice)], notice.Url is { } url ? (texts["Link"], url) : null);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, uiCulture);
        }
    }

    private IEnumerable<string> Lines(NotificationPayload notice)
    {
        var who = string.Equals(notice.RequestedBy, Caller.Anonymous, StringComparison.Ordinal)
            ? texts["Anonymous"].Value
            : notice.RequestedBy;
        if (notice.Event is NotificationEvents.Test)
        {
            yield return texts["TestLine", who];
            yield break;
        }

        yield return texts["Archive", notice.ArchiveName];
        yield return texts["Content", notice.FileCount, ByteSize.Format(notice.ArchiveBytes ?? notice.TotalBytes)];
        if (notice.PartCount > 1)
        {
            yield return texts["Parts", notice.PartCount];
        }

        if (notice.LeftOutCount > 0)
        {
            yield return texts["LeftOut", notice.LeftOutCount];
        }

        if (notice.ErrorCode is { } code)
        {
            yield return texts["Reason", errors.Message(new ExportError(code, notice.ErrorArgs), namesFolders: false)];
        }

        if (notice.ExpiresAt is { } expires)
        {
            yield return texts["Expires", Local(expires)];
        }

        yield return texts["By", who];
    }

    private string Local(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
