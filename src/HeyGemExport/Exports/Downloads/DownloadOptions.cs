using System.ComponentModel.DataAnnotations;

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
