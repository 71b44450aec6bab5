using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace HeyGemExport.Library;

/// <summary>What .NET cannot ask of Linux: open without waiting for a pipe's writer, and tell what a handle really is.</summary>
internal static class LinuxFile
{
    // O_RDONLY | O_CLOEXEC and O_NONBLOCK have these values on every processor that .NET runs on under Linux.
    private const int ReadOnlyCloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;

    private const int NoSuchFile = 2;
    private const int Interrupted = 4;
    private const int TryAgain = 11;
    private const int AccessDenied = 13;
    private const int NotPermitted = 1;
    private const int NotADirectory = 20;
    private const int TooManyLinks = 40;

    // man 2 statx: the layout is the same on every processor; stx_mode is the 16 bits at byte 28.
    private const int StatxBytes = 256;
    private const int StatxModeOffset = 28;
    private const uint StatxType = 1;

    // STATX_CTIME | STATX_INO; the inode is the 64 bits at byte 32, the change time 64 bits of seconds at byte 96 and
    // 32 bits of nanoseconds after them.
    private const uint StatxIdentity = 0x80 | 0x100;
    private const int StatxInodeOffset = 32;
    private const int StatxChangedOffset = 96;
    private const int CurrentDirectory = -100;
    private const int DoNotFollowLink = 0x100;
    private const int EmptyPath = 0x1000;
    private const int TypeMask = 0xF000;
    private const int RegularType = 0x8000;

    private const int Sequential = 2;

    /// <summary>Whether this is a Linux with its <c>/proc</c>.</summary>
    public static bool Supported { get; } = OperatingSystem.IsLinux() && Directory.Exists("/proc/self/fd");

    /// <summary>Opens for reading without ever waiting; null when nothing is there.</summary>
    /// <exception cref="UnauthorizedAccessException">The service may not read it.</exception>
    /// <exception cref="IOException">The file system failed.</exception>
    public static SafeFileHandle? OpenRead(string path)
    {
        var name = Terminated(path);
        var flags = ReadOnlyCloseOnExec | NonBlocking;
        while (true)
        {
            var descriptor = Open(name, flags);
            if (descriptor >= 0)
            {
                return new SafeFileHandle(descriptor, ownsHandle: true);
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    continue;
                case TryAgain when (flags & NonBlocking) != 0 && IsRegular(path):
                    // A file server holds a lease on the file and gives it up when someone waits for it.
                    flags &= ~NonBlocking;
                    continue;
                case NoSuchFile or NotADirectory or TooManyLinks:
                    return null;
                case AccessDenied or NotPermitted:
                    throw new UnauthorizedAccessException($"The service may not read '{path}'.");
                case var error:
                    throw new IOException($"'{path}': {Marshal.GetPInvokeErrorMessage(error)}", error);
            }
        }
    }

    /// <summary>The path of an open handle, without any link in it, or null.</summary>
    public static string? PathOf(SafeFileHandle handle) =>
        new FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget;

    /// <summary>A folder's path without any link in it, or null when it cannot be opened.</summary>
    public static string? RealPathOfFolder(string path)
    {
        using var handle = OpenRead(path);
        return handle is null ? null : PathOf(handle);
    }

    /// <summary>Whether the path itself, not what it may link to, is a regular file.</summary>
    public static bool IsRegular(string path) => IsRegular(CurrentDirectory, Terminated(path), DoNotFollowLink);

    /// <summary>Whether the handle is of a regular file.</summary>
    public static bool IsRegular(SafeFileHandle handle) => IsRegular((int)handle.DangerousGetHandle(), [0], EmptyPath);

    /// <summary>Which file the path itself leads to, or null when it leads to none.</summary>
    public static FileIdentity? Identify(string path) => Identify(CurrentDirectory, Terminated(path), DoNotFollowLink);

    /// <summary>Which file the handle is of.</summary>
    public static FileIdentity? Identify(SafeFileHandle handle) => Identify((int)handle.DangerousGetHandle(), [0], EmptyPath);

    /// <summary>Tells the system to read ahead.</summary>
    public static void WillReadSequentially(SafeFileHandle handle) => _ = Advise((int)handle.DangerousGetHandle(), 0, 0, Sequential);

    private static bool IsRegular(int directory, byte[] name, int flags)
    {
        var status = new byte[StatxBytes];
        return Statx(directory, name, flags, StatxType, status) == 0
            && (BitConverter.ToUInt16(status, StatxModeOffset) & TypeMask) == RegularType;
    }

    private static FileIdentity? Identify(int directory, byte[] name, int flags)
    {
        var status = new byte[StatxBytes];
        return Statx(directory, name, flags, StatxIdentity, status) == 0
            ? new FileIdentity(
                BitConverter.ToUInt64(status, StatxInodeOffset).ToString("x", CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"{BitConverter.ToInt64(status, StatxChangedOffset)}.{BitConverter.ToUInt32(status, StatxChangedOffset + 8)}"))
            : null;
    }

    private static byte[] Terminated(string path) => Encoding.UTF8.GetBytes(path + '\0');

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int directory, byte[] path, int flags, uint mask, byte[] status);

    [DllImport("libc", EntryPoint = "posix_fadvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(int descriptor, long offset, long length, int advice);
}
