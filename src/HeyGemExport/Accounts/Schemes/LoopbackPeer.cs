using HeyGemExport.FileSystem;

namespace HeyGemExport.Accounts.Schemes;

/// <summary>Whose the other end of a connection on this machine is. The kernel says it, and nobody can leave it out.</summary>
internal static class LoopbackPeer
{
    // man 5 proc_pid_net: the columns of the table are the local and the other address, in hexadecimal, and the owner's id.
    private const int LocalColumn = 1;
    private const int OtherColumn = 2;
    private const int OwnerColumn = 7;

    /// <summary>Accounts of people begin here (SYS_UID_MAX of Debian, Fedora and their kin); below are those of services.</summary>
    private const uint FirstPerson = 1000;

    /// <summary>The account <c>nobody</c>, which services run as, too.</summary>
    private const uint Nobody = 65534;

    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>Whether it is a service's, such as the workers of nginx, HAProxy or Caddy, other than the app's own; false where the system
    /// does not tell.</summary>
    public static bool IsService(HttpContext context)
    {
        // Once for each connection.
        var items = context.Features.Get<Microsoft.AspNetCore.Connections.Features.IConnectionItemsFeature>()?.Items;
        if (items?.TryGetValue(typeof(LoopbackPeer), out var known) == true)
        {
            return known is true;
        }

        var isService = OwnerOf(context.Connection.LocalPort, context.Connection.RemotePort) is { } owner
            && IsService(owner, LinuxSyscalls.EffectiveUser);
        items?[typeof(LoopbackPeer)] = isService;
        return isService;
    }

    internal static bool IsService(uint owner, uint own) => owner is > 0 and (< FirstPerson or Nobody) && owner != own;

    /// <summary>Null where it cannot be told.</summary>
    internal static uint? OwnerOf(int ownPort, int otherPort) =>
        !LinuxSyscalls.Supported ? null : Tables.Where(File.Exists).Select(table => OwnerIn(table, ownPort, otherPort))
            .FirstOrDefault(owner => owner is not null);

    private static uint? OwnerIn(string table, int ownPort, int otherPort)
    {
        try
        {
            // The row of the other end: its local port is the one that is remote here.
            var ports = (Own: FormattableString.Invariant($":{ownPort:X4}"), Other: FormattableString.Invariant($":{otherPort:X4}"));
            return File.ReadLines(table).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(columns => columns.Length > OwnerColumn
                    && columns[LocalColumn].EndsWith(ports.Other, StringComparison.Ordinal)
                    && columns[OtherColumn].EndsWith(ports.Own, StringComparison.Ordinal)
                    && IsLoopback(columns[LocalColumn]) && IsLoopback(columns[OtherColumn]))
                .Select(columns => uint.TryParse(columns[OwnerColumn], CultureInfo.InvariantCulture, out var owner) ? owner : (uint?)null)
                .FirstOrDefault();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>127.0.0.0/8, also mapped into IPv6, or ::1. Each four bytes are in the order of the processor.</summary>
    private static bool IsLoopback(string address) =>
        address.AsSpan(0, address.IndexOf(':', StringComparison.Ordinal)) is var hex
        && (hex is "00000000000000000000000001000000"
            || (hex.EndsWith("7F", StringComparison.Ordinal)
                && (hex.Length == 8 || hex.StartsWith("0000000000000000FFFF0000", StringComparison.Ordinal))));
}
