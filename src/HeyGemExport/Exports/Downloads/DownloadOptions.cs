using System.ComponentModel.DataAnnotations;
using HeyGemExport.Accounts.Schemes;

namespace HeyGemExport.Exports.Downloads;

internal sealed class DownloadOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Downloads";

    private const string PrefixRule = "{0} must be the URI of an internal location of nginx, such as /archives/, or empty";

    /// <summary>The location under which nginx has the files of <c>Exports:TempPath</c> and sends them in the app's place. Empty: the app
    /// sends them itself.</summary>
    [RegularExpression("(/[A-Za-z0-9._~-]+)+/", ErrorMessage = PrefixRule)]
    public string AccelRedirect { get; set; } = "";

    /// <summary>Seconds after which a download of which the client has read nothing ends; it can be resumed. Default 300.</summary>
    [Range(5, 86_400)]
    public int StallSeconds { get; set; } = 300;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var configuration = validationContext.GetRequiredService<IConfiguration>();
        string[] proxies = ["Http:TrustedProxies", "Accounts:Proxy:TrustedAddresses"];
        if (AccelRedirect.Length > 0 && proxies.All(key => string.IsNullOrWhiteSpace(configuration[key])))
        {
            yield return new ValidationResult(
                "Downloads:AccelRedirect needs the address of nginx in Http:TrustedProxies: requests from elsewhere are not handed over.");
        }
    }
}

/// <summary>Hands downloads over to nginx, which then sends the file in the app's place.</summary>
/// <remarks>https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ignore_headers</remarks>
internal sealed class AccelRedirect(
    IOptions<DownloadOptions> options, IOptions<ForwardedHeadersOptions> proxies, ArchiveFolder folder)
{
    public const string Header = "X-Accel-Redirect";

    private readonly string prefix = options.Value.AccelRedirect;

    /// <summary>Whether nginx sends what this request asks for: only where a trusted proxy has forwarded it, as anybody else would get an
    /// empty answer.</summary>
    public bool Takes(HttpContext context) =>
        prefix.Length > 0
        && HttpMethods.IsGet(context.Request.Method)
        && OriginalConnection.Of(context) is { WasForwarded: true, Address: { } peer }
        && proxies.Value.KnownIPNetworks.Any(network => network.Contains(peer))
        && !IsConditionalOnOurs(context.Request.Headers);

    public string AddressOf(string archivePath) =>
        prefix + string.Join('/', Path.GetRelativePath(folder.TempPath, archivePath).Split('/').Select(Uri.EscapeDataString));

    // nginx would compare these with its own tag and time of the file, and refuse.
    private static bool IsConditionalOnOurs(IHeaderDictionary headers) =>
        headers.ContainsKey("If-Match") || headers.ContainsKey("If-Unmodified-Since");
}
