using System.Net;
using System.Net.Sockets;

namespace HeyGemExport.Accounts;

internal static class ClientAddress
{
    private const int NetworkBytes = 8;

    /// <summary>As text; <c>-</c> where there is none.</summary>
    public static string Text(IPAddress? address) => Plain(address)?.ToString() ?? "-";

    /// <summary>Unmapped: a listener for both families reports 1.2.3.4 as ::ffff:1.2.3.4, and it must be the same client.</summary>
    public static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : address;

    /// <summary>An IPv4 address, or the first 64 bits of an IPv6 address, which one subscriber has alone.</summary>
    public static string Network(string address)
    {
        if (!IPAddress.TryParse(address, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = parsed.GetAddressBytes();
        Array.Clear(bytes, NetworkBytes, bytes.Length - NetworkBytes);
        return new IPAddress(bytes).ToString();
    }
}
