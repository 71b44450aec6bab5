using System.Net;

namespace HeyGemExport.Accounts;

/// <summary>Where the app will listen, told from the configuration before it does.</summary>
internal static class ListeningAddresses
{
    /// <summary>Every address that the configuration names: <c>urls</c>, <c>http_ports</c> and <c>https_ports</c> (with or without <c>ASPNETCORE_</c>),
    /// and <c>Kestrel:Endpoints</c>.</summary>
    /// <remarks>Kestrel lets the endpoints win over <c>urls</c>, and those over the ports. All are looked at all the same: the wider answer is the safer one.</remarks>
    public static IReadOnlyList<string> Configured(IConfiguration configuration)
    {
        var urls = Split(configuration[WebHostDefaults.ServerUrlsKey]);
        IEnumerable<string> ports = urls.Length > 0
            ? []
            : [.. Split(configuration[WebHostDefaults.HttpPortsKey]).Select(port => $"http://*:{port}"), .. Split(configuration[WebHostDefaults.HttpsPortsKey]).Select(port => $"https://*:{port}")];
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>();
        return [.. urls, .. ports, .. endpoints];
    }

    /// <summary>Whether only this machine reaches the address. A name other than <c>localhost</c> makes Kestrel listen everywhere; what comes
    /// through a Unix socket may come from anywhere.</summary>
    public static bool IsLoopback(string address)
    {
        try
        {
            var host = BindingAddress.Parse(address).Host;
            return string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
                || (IPAddress.TryParse(host.Trim('[', ']'), out var parsed) && IPAddress.IsLoopback(parsed));
        }
        catch (FormatException)
        {
            // Kestrel will refuse it, and say so better.
            return false;
        }
    }

    /// <summary>The host of an address, as a client would write it into <c>Host</c>.</summary>
    internal static string HostOf(string address) => BindingAddress.Parse(address).Host;

    private static string[] Split(string? list) => (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
