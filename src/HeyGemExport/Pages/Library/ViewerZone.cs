namespace HeyGemExport.Pages.Library;

/// <summary>The time zone of the person who looks, as a script has told by a cookie; the server's until then.</summary>
internal static class ViewerZone
{
    /// <summary>Its value is an IANA name; <c>zone.js</c> sets it.</summary>
    private const string CookieName = "heygem.zone";

    public static TimeZoneInfo Of(HttpRequest request, TimeProvider time) =>
        request.Cookies[CookieName] is { Length: > 0 and < 64 } name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? zone
            : time.LocalTimeZone;
}
