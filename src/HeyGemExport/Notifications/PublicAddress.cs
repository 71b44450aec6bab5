using System.Net;
using System.Net.Sockets;
using HeyGemExport.Accounts;

namespace HeyGemExport.Notifications;

/// <summary>Tells addresses of the internet from those of this machine, its network, and its cloud provider.</summary>
internal static class PublicAddress
{
    /// <summary>IANA's special-purpose registries (RFC 6890 and its updates), as far as they are not reachable from everywhere.</summary>
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",

            // Within 2000::/3: Teredo and other protocol assignments, documentation, and 6to4, which carries an IPv4 address.
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    public static bool Is(IPAddress address)
    {
        var plain = ClientAddress.Plain(address)!;
        return !Array.Exists(Special, network => network.Contains(plain))
            && (plain.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(plain));
    }
}
