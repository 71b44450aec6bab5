using System.ComponentModel.DataAnnotations;
using System.Net;

namespace HeyGemExport.Accounts;

/// <summary>A list of addresses and networks from the configuration.</summary>
internal sealed class TrustedAddresses
{
    private static readonly char[] Separators = [' ', ',', ';', '\t', '\n'];

    private TrustedAddresses(IReadOnlyList<IPNetwork> networks) => Networks = networks;

    /// <summary>All of them; a single address is a network of one.</summary>
    public IReadOnlyList<IPNetwork> Networks { get; }

    /// <summary>Reads a list.</summary>
    /// <param name="text">For example <c>127.0.0.1 10.0.0.0/8 fd00::/8</c>.</param>
    /// <param name="wrong">What in it is neither an address nor a network.</param>
    public static TrustedAddresses Read(string? text, out IReadOnlyList<string> wrong)
    {
        List<IPNetwork> networks = [];
        List<string> unread = [];
        foreach (var part in (text ?? "").Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            if (IPAddress.TryParse(part, out var address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else if (IPNetwork.TryParse(part, out var network))
            {
                networks.Add(network);
            }
            else
            {
                unread.Add(part);
            }
        }

        wrong = unread;
        return new(networks);
    }

    /// <summary>A failure for each part of a list that is neither an address nor a network.</summary>
    public static IEnumerable<ValidationResult> Failures(string key, string? text)
    {
        _ = Read(text, out var wrong);
        return wrong.Select(part =>
            new ValidationResult($"{key} must have addresses or networks, such as 127.0.0.1 or 10.0.0.0/8; '{part}' is neither."));
    }

    /// <summary>Whether the address is one of them.</summary>
    public bool Contain(IPAddress? address) => ClientAddress.Plain(address) is { } plain && Networks.Any(network => network.Contains(plain));
}
