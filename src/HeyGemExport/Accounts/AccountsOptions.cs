namespace HeyGemExport.Accounts;

/// <summary>How callers become known. Section <c>Accounts</c>.</summary>
internal sealed class AccountsOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Accounts";

    /// <summary><c>open</c>, <c>accounts</c> or <c>proxy</c>; empty chooses <c>open</c> when the app listens on loopback only, else <c>accounts</c>.</summary>
    public string Mode { get; set; } = "";

    /// <summary>Lets the mode <c>open</c> listen beyond loopback, or behind a proxy. Default false.</summary>
    public bool AllowOpenOnNetwork { get; set; }

    /// <summary>Hours that a session lives without use; above 0, to 720. Default 12.</summary>
    public double SessionHours { get; set; } = 12;

    /// <summary>What the mode <c>proxy</c> believes.</summary>
    public ProxyOptions Proxy { get; set; } = new();

    /// <summary>Section <c>Accounts:Proxy</c>.</summary>
    public sealed class ProxyOptions
    {
        /// <summary>The header with the person's name. Default <c>X-Forwarded-User</c>.</summary>
        public string UserHeader { get; set; } = "X-Forwarded-User";

        /// <summary>The header with roles, separated by commas, of which the highest counts; empty for none.</summary>
        public string RolesHeader { get; set; } = "";

        /// <summary>The role of a person whose roles header names none. Default <c>viewer</c>.</summary>
        public string DefaultRole { get; set; } = Roles.Viewer;

        /// <summary>Addresses or networks (<c>10.0.0.0/8</c>) from which the headers are believed, separated by blanks or commas.</summary>
        public string TrustedAddresses { get; set; } = "";
    }
}

/// <summary>What stands between the clients and this app. Section <c>Http</c>.</summary>
internal sealed class HttpOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Http";

    /// <summary>Addresses or networks of proxies whose <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> are believed, separated by blanks or commas.
    /// Those of <c>Accounts:Proxy:TrustedAddresses</c> are believed too.</summary>
    public string TrustedProxies { get; set; } = "";

    /// <summary>The address under which people reach the app, for links that are sent to them, for example <c>https://videos.example.com</c>.
    /// Empty: share links take that of the request that makes them, notifications have no link.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>The public address of a page; null when <see cref="PublicUrl"/> is empty.</summary>
    /// <param name="path">From <c>/</c>.</param>
    public string? PublicAddress(string path) => PublicUrl.Length == 0 ? null : PublicUrl.TrimEnd('/') + path;
}
