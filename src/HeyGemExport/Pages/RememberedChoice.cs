namespace HeyGemExport.Pages;

internal static class RememberedChoice
{
    /// <summary>Keeps what a person chose about the pages in their browser, for a year.</summary>
    public static void Remember(this HttpContext context, string name, string value) =>
        context.Response.Cookies.Append(name, value, new CookieOptions
        {
            HttpOnly = true,
            IsEssential = true,
            MaxAge = TimeSpan.FromDays(365),
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
        });
}
