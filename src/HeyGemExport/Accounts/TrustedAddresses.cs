using System.ComponentModel.DataAnnotations;
using System.Net;

namespace HeyGemExport.Accounts;

/// <param name="Networks">All of them; a single address is a network of one.</param>
internal sealed record TrustedAddresses(IReadOnlyList<IPNetwork> Networks, IReadOnlyList<string> Invalid)
{
    private static readonly char[] Separators = [' ', ',', ';', '\t', '\n'];

    /// <summary>Parses a list such as <c>127.0.0.1 10.0.0.0/8 fd00::/8</c>.</summary>
    public static TrustedAddresses Parse(string? text)
    {
        var parts = (text ?? "").Split(Separators, StringSplitOptions.RemoveEmptyEntries).ToLookup(Network);
        return new([.. parts.Where(part => part.Key is not null).Select(part => part.Key!.Value)], [.. parts[null]]);
    }

    public bool Contains(IPAddress? address) =>
        ClientAddress.Plain(address) is { } plain && Networks.Any(network => network.Contains(plain));

    public static IEnumerable<ValidationResult> Failures(string key, string? text) => Parse(text).Invalid.Select(part =>
        new ValidationResult($"{key} must have addresses or networks, such as 127.0.0.1 or 10.0.0.0/8; '{part}' is neither."));

    private static IPNetwork? Network(string part) =>
        IPAddress.TryParse(part, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : IPNetwork.TryParse(part, out var network) ? network
        : null;
}
