namespace HeyGemExport.Hosting;

/// <summary>Compresses pages and JSON: the library with fifty videos is 100 KB, and 10 KB on the way. Scripts and styles are compressed
/// when the app is published.</summary>
internal static class Compression
{
    // Over TLS the length of a compressed page can betray a secret in it to whoever makes the browser repeat a request and also chooses a
    // part of the page (BREACH, https://www.breachattack.com). Here none repeats: antiforgery tokens are masked anew in each response,
    // and one-time passwords, keys and new links are in one response to a form that has such a token.
    public static IServiceCollection AddCompression(this IServiceCollection services) => services.AddResponseCompression(options =>
    {
        options.EnableForHttps = true;
        options.MimeTypes = ["text/html", "text/css", "text/javascript", "application/json", "application/problem+json", "image/svg+xml"];
    });

    public static IApplicationBuilder UseCompression(this IApplicationBuilder app) =>
        app.UseWhen(context => !IsTransfer(context.Request.Path), compressed => compressed.UseResponseCompression());

    /// <summary>Files of any size and streams of events pass by: even where nothing is compressed, the middleware copies each byte once
    /// more.</summary>
    private static bool IsTransfer(PathString path) =>
        path.StartsWithSegments("/videos", StringComparison.OrdinalIgnoreCase)
        || path.Value!.EndsWith("/download", StringComparison.OrdinalIgnoreCase)
        || path.Value.EndsWith("/events", StringComparison.OrdinalIgnoreCase);
}
