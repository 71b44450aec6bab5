namespace HeyGemExport.Pages.Share;

/// <summary>The browsers inside messengers, which open links and cannot save downloads.</summary>
internal static class InAppBrowser
{
    private static readonly (string Sign, string Name)[] Known =
        [("MicroMessenger", "WeChat"), ("DingTalk", "DingTalk"), (" QQ/", "QQ")];

    /// <summary>Which one asks; null for a browser of its own. A text <c>Share.InApp.&lt;name&gt;</c> exists in both languages.</summary>
    public static string? Of(HttpRequest request)
    {
        var agent = request.Headers.UserAgent.ToString();
        return Known.FirstOrDefault(app => agent.Contains(app.Sign, StringComparison.OrdinalIgnoreCase)).Name;
    }
}
