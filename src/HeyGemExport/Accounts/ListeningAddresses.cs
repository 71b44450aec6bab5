using System.Net;

namespace HeyGemExport.Accounts;

internal static class ListeningAddresses
{
    /// <summary>Every address in <c>urls</c>, <c>http_ports</c> and <c>https_ports</c> (with or without <c>ASPNETCORE_</c>), and
    /// <c>Kestrel:Endpoints</c>.</summary>
    /// <remarks>Kestrel prefers endpoints to <c>urls</c>, and those to ports. All are considered: the wider answer is safer.</remarks>
    public static IReadOnlyList<string> Configured(IConfiguration configuration)
    {
        var urls = Split(configuration[WebHostDefaults.ServerUrlsKey]);
        IEnumerable<string> ports =
        [
            .. Split(configuration[WebHostDefaults.HttpPortsKey]).Select(port => $"http://*:{port}"),
            .. Split(configuration[WebHostDefaults.HttpsPortsKey]).Select(port => $"https://*:{port}"),
        ];
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>();
        return [.. urls, .. urls.Length > 0 ? [] : ports, .. endpoints];
    }

    /// <summary>Names other than <c>localhost</c> make Kestrel listen everywhere; a Unix socket may be reached from anywhere.</summary>
    public static bool IsLoopback(string address)
    {
        try
        {
            var host = HostOf(address);
            return string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
                || (IPAddress.TryParse(host.Trim('[', ']'), out var parsed) && IPAddress.IsLoopback(parsed));
        }
        catch (FormatException)
        {
            // Kestrel will refuse it with a better message.
            return false;
        }
    }

    internal static string HostOf(string address) => BindingAddress.Parse(address).Host;

    private static string[] Split(string? list) =>
        (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
