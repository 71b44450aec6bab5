using HeyGemExport.Api;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages;

internal static class PageModelExtensions
{
    /// <summary>Returns to an address within the app; to the library if there is none.</summary>
    public static RedirectResult RedirectBack(this PageModel _, string? returnUrl) => new(LocalAddress.Of(returnUrl));

    /// <summary>A text with a count; for 1 the text with the key <c>&lt;key&gt;.One</c>.</summary>
    public static string Counted(this IStringLocalizer texts, string key, int count) => texts[count == 1 ? $"{key}.One" : key, count];

    /// <summary>What it shows changes by itself.</summary>
    public static void DoNotStore(this HttpResponse response) => response.Headers.CacheControl = "no-cache, no-store";

    public static int PageCount(int total, int pageSize) => Math.Max(1, (total + pageSize - 1) / pageSize);

    /// <summary>The number in a text field: null if it is empty, 0 (which is refused) unless it is 1 to <paramref name="max"/>.</summary>
    public static int? ReadNumber(string? text, int max = int.MaxValue) =>
        string.IsNullOrWhiteSpace(text) ? null : PageNumber.TryRead(text.Trim(), 0, max, out var number) ? number : 0;
}

public sealed class PageTexts;
