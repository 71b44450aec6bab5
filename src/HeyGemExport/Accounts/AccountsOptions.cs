using System.ComponentModel.DataAnnotations;
using HeyGemExport.Hosting;

namespace HeyGemExport.Accounts;

internal sealed class AccountsOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Accounts";

    /// <summary>Empty chooses <c>open</c> when the app listens on loopback only, and <c>accounts</c> otherwise.</summary>
    public string Mode { get; set; } = "";

    public bool AllowOpenOnNetwork { get; set; }

    /// <summary>Hours that a session lives without use; above 0, to 720. Default 12.</summary>
    [Range(0d, 720, MinimumIsExclusive = true)]
    public double SessionHours { get; set; } = 12;

    /// <summary>Hours after which a session ends however much it is used; above 0, to 8760. Default 168: a week.</summary>
    [Range(0d, 8760, MinimumIsExclusive = true)]
    public double SessionMaxHours { get; set; } = 168;

    public ProxyOptions Proxy { get; set; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var configuration = validationContext.GetRequiredService<IConfiguration>();
        var mode = ActiveMode.Choose(Mode, configuration);
        var network = ListeningAddresses.Configured(configuration).Where(address => !ListeningAddresses.IsLoopback(address)).ToList();
        return
        [
            .. ValidatedOptions.Check(
                (mode is null, $"Accounts:Mode must be open, accounts or proxy, or empty; it is '{Mode}'."),
                (mode == AccountsMode.Open && !AllowOpenOnNetwork && network.Count > 0,
                    $"Accounts:Mode must not be open on {string.Join(", ", network)}, where others reach it: "
                    + "leave it empty for accounts, listen on 127.0.0.1, or set Accounts:AllowOpenOnNetwork=true.")),
            .. mode == AccountsMode.Proxy ? Proxy.CheckInUse() : [],

            // The switch makes the framework trust these headers from anybody: identity, limits and audit could be forged.
            .. ValidatedOptions.Check(
                (bool.TryParse(configuration["ForwardedHeaders_Enabled"], out var trustsAll) && trustsAll,
                    "ASPNETCORE_FORWARDEDHEADERS_ENABLED trusts forwarded headers from anybody; "
                    + "leave it out and name the proxy in Http:TrustedProxies.")),
        ];
    }

    public sealed class ProxyOptions : IValidatableObject
    {
        public string UserHeader { get; set; } = "X-Forwarded-User";

        /// <summary>The header with roles, separated by commas, of which the highest counts; empty for none.</summary>
        public string RolesHeader { get; set; } = "";

        /// <summary>The role of a person whose roles header names none. Default <c>viewer</c>.</summary>
        public string DefaultRole { get; set; } = Roles.Viewer;

        /// <summary>Addresses or networks (<c>10.0.0.0/8</c>) from which the headers are believed, separated by blanks or commas.</summary>
        public string TrustedAddresses { get; set; } = "";

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
            Accounts.TrustedAddresses.Failures($"{validationContext.DisplayName}:TrustedAddresses", TrustedAddresses);

        public IEnumerable<ValidationResult> CheckInUse() => ValidatedOptions.Check(
            (string.IsNullOrWhiteSpace(TrustedAddresses),
                "Accounts:Proxy:TrustedAddresses must name the proxy's address when Accounts:Mode is proxy."),
            (UserHeader.Length == 0 || !IsHeader(UserHeader),
                $"Accounts:Proxy:UserHeader must be the name of a header; it is '{UserHeader}'."),
            (!IsHeader(RolesHeader), $"Accounts:Proxy:RolesHeader must be the name of a header, or empty; it is '{RolesHeader}'."),
            (!Roles.Exists(DefaultRole), $"Accounts:Proxy:DefaultRole must be viewer, operator or admin; it is '{DefaultRole}'."));

        private static bool IsHeader(string name) => name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
    }
}

internal sealed class HttpOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Http";

    /// <summary>Proxies whose <c>X-Forwarded-*</c> are trusted, besides those of <c>Accounts:Proxy:TrustedAddresses</c>.</summary>
    public string TrustedProxies { get; set; } = "";

    /// <summary>The public address of the app, for links that are sent to people, for example <c>https://videos.example.com</c>.
    /// Empty: share links take that of the request that makes them, notifications have no link.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>The path under which a proxy has the app, such as <c>/videos</c>, where it passes paths on with it; empty for
    /// none.</summary>
    [RegularExpression("(/[A-Za-z0-9._~-]+)+", ErrorMessage = "{0} must be a path such as /videos, without a slash at its end, or empty")]
    public string PathBase { get; set; } = "";

    public string? PublicAddress(string path) => PublicUrl.Length == 0 ? null : PublicUrl.TrimEnd('/') + path;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var isUrl = PublicUrl.Length == 0
            || (Uri.TryCreate(PublicUrl, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", Query: "", Fragment: "" });
        return TrustedAddresses.Failures("Http:TrustedProxies", TrustedProxies).Concat(ValidatedOptions.Check(
            (!isUrl, $"Http:PublicUrl must be an address such as https://videos.example.com, or empty; it is '{PublicUrl}'.")));
    }
}
