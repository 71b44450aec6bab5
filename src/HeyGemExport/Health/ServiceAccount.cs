namespace HeyGemExport.Health;

/// <summary>Who the service runs as, in the words of <c>chown</c>.</summary>
internal static class ServiceAccount
{
    private static readonly string? Uid = ReadUid();

    /// <summary>For example <c>app (uid 1654)</c>; only the number where it has no name, only the name on Windows.</summary>
    public static string Description => (Environment.UserName, Uid) switch
    {
        (var name, null) => name,
        ("", var uid) => $"uid {uid}",
        var (name, uid) => $"{name} (uid {uid})",
    };

    public static string Owner => Uid ?? Environment.UserName;

    // .NET has no call for the effective user id; the second number of the line is it (proc(5), /proc/pid/status).
    private static string? ReadUid()
    {
        const string status = "/proc/self/status";
        return !File.Exists(status)
            ? null
            : File.ReadLines(status)
                .FirstOrDefault(line => line.StartsWith("Uid:", StringComparison.Ordinal))?
                .Split('\t', ' ', StringSplitOptions.RemoveEmptyEntries)
                .ElementAtOrDefault(2);
    }
}
