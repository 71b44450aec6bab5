using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace HeyGemExport.FileSystem;

/// <summary>Asks the system whether a program has a file open for writing. On Linux it tells the owner of the file, and root, by a lease
/// (man 2 fcntl), whatever container or user the program runs as; for other files only programs of the service's own account are
/// seen.</summary>
internal static class FileWriters
{
    private const int SetSignal = 10;
    private const int SetLease = 1024;
    private const int ReadLease = 0;
    private const int NoLease = 2;
    private const int TryAgain = 11;

    // SIGURG, which nobody heeds: a program that opens the file just now breaks the lease, and the default signal would end the process.
    private const int HarmlessSignal = 23;

    private const int AccessMode = 3;

    /// <summary>Whether somebody has the file of a handle, opened for reading, open for writing; null where the system does not
    /// tell.</summary>
    public static bool? Has(SafeFileHandle handle)
    {
        if (!LinuxSyscalls.Supported)
        {
            return null;
        }

        var descriptor = (int)handle.DangerousGetHandle();
        if (Control(descriptor, SetSignal, HarmlessSignal) == 0)
        {
            if (Control(descriptor, SetLease, ReadLease) == 0)
            {
                _ = Control(descriptor, SetLease, NoLease);
                return false;
            }

            if (Marshal.GetLastPInvokeError() == TryAgain)
            {
                return true;
            }
        }

        return LinuxSyscalls.PathOf(handle) is { } path && IsOpenSomewhere(Encoding.UTF8.GetString(path)) ? true : null;
    }

    // The descriptors of all processes that the service may look into.
    private static bool IsOpenSomewhere(string path) => Directory.EnumerateDirectories("/proc")
        .Where(process => char.IsAsciiDigit(process["/proc/".Length]))
        .Any(process => Descriptors(process).Any(descriptor => LeadsTo(descriptor, path)
            && IsForWriting(process, Path.GetFileName(descriptor))));

    private static string[] Descriptors(string process)
    {
        try
        {
            return Directory.GetFileSystemEntries(process + "/fd");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static bool LeadsTo(string descriptor, string path)
    {
        try
        {
            return string.Equals(new FileInfo(descriptor).LinkTarget, path, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // man 5 proc_pid_fdinfo: a line "flags:" with the flags of open in octal.
    private static bool IsForWriting(string process, string descriptor)
    {
        try
        {
            return File.ReadLines($"{process}/fdinfo/{descriptor}").Any(line =>
                line.StartsWith("flags:", StringComparison.Ordinal)
                && (Convert.ToInt64(line["flags:".Length..].Trim(), 8) & AccessMode) != 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int descriptor, int command, int argument);
}
