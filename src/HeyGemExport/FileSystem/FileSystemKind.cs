using System.Text;
using System.Text.RegularExpressions;

namespace HeyGemExport.FileSystem;

/// <summary>A file system that is shared over a network or with a host notifies only of what this machine did.</summary>
internal static partial class FileSystemKind
{
    private const string MountTable = "/proc/self/mountinfo";

    private static readonly HashSet<string> Silent = new(StringComparer.Ordinal)
    {
        "9p", "afs", "ceph", "cifs", "drvfs", "fakeowner", "gfs2", "glusterfs", "lustre", "nfs", "nfs4", "ocfs2",
        "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs",
    };

    public static async Task<bool> NeedsPollingAsync(string folder, CancellationToken cancellationToken)
    {
        if (!LinuxSyscalls.Supported || !File.Exists(MountTable))
        {
            return false;
        }

        return NeedsPolling(RealPath(folder), await File.ReadAllLinesAsync(MountTable, cancellationToken));
    }

    /// <summary>Whether what is written there takes memory, and is gone after a restart of the machine.</summary>
    public static bool IsInMemory(string folder)
    {
        try
        {
            return LinuxSyscalls.Supported && File.Exists(MountTable)
                && MountOf(RealPath(folder), File.ReadAllLines(MountTable)) is "tmpfs" or "ramfs";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The type of the file system that a folder is on; null where it is not known.</summary>
    internal static string? MountOf(string folder, IEnumerable<string> mountTable) => mountTable.Select(Parse).OfType<Mount>()
        .Where(mount => IsWithin(folder, mount.Point)).OrderBy(mount => mount.Point.Length).LastOrDefault()?.Type;

    private static string RealPath(string folder)
    {
        try
        {
            return LinuxSyscalls.RealPathOfFolder(folder) is { } real ? Encoding.UTF8.GetString(real) : folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Whether it can be read is checked elsewhere.
            return folder;
        }
    }

    /// <summary>The format is that of <c>man 5 proc_pid_mountinfo</c>.</summary>
    public static bool NeedsPolling(string folder, IEnumerable<string> mountTable)
    {
        var mounts = mountTable.Select(Parse).OfType<Mount>().ToList();
        // Of several mounts on one point the last is on top.
        var under = mounts.Where(mount => IsWithin(folder, mount.Point)).OrderBy(mount => mount.Point.Length).LastOrDefault();
        return mounts.Where(mount => mount == under || IsWithin(mount.Point, folder)).Any(mount => IsSilent(mount.Type));
    }

    private static bool IsSilent(string type) => Silent.Contains(type) || type.StartsWith("fuse", StringComparison.Ordinal);

    private static bool IsWithin(string path, string folder) =>
        folder is "/" || string.Equals(path, folder, StringComparison.Ordinal) || path.StartsWith(folder + '/', StringComparison.Ordinal);

    private static Mount? Parse(string line)
    {
        var fields = line.Split(' ');
        var dash = Array.IndexOf(fields, "-");
        return dash >= 6 && fields.Length > dash + 1
            ? new Mount(
                OctalEscape.Replace(fields[4], match => ((char)Convert.ToInt32(match.Groups["code"].Value, 8)).ToString()),
                fields[dash + 1])
            : null;
    }

    [GeneratedRegex(@"\\(?<code>[0-7]{3})", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OctalEscape { get; }

    private sealed record Mount(string Point, string Type);
}
