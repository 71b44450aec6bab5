namespace HeyGemExport.Pages;

internal static class SecurityHeaders
{
    // Scripts, styles, pictures and videos come only from this app, and none are inline: a file called <img onerror=…> stays a name even
    // if it is not encoded somewhere.
    private const string Policy =
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    // What the pages never use, an injected script shall not use either.
    private const string Unused = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

    /// <summary>Of the page of the API: Scalar puts styles into it by script, and the script that starts it has a nonce.</summary>
    public static string PolicyFor(string nonce) =>
        $"{Policy}; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; font-src 'self' data:";

    /// <summary>Sets the headers before anything else runs, so that an endpoint can replace them.</summary>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = Unused;
        return next(context);
    });
}
