using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace HeyGemExport.FileSystem;

internal static class LinuxSyscalls
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

    // man 2 statx: the layout is the same on every processor. stx_uid is 32 bits, stx_mode 16 bits; inode and size are 64
    // bits; a time is 64 bits of seconds and 32 bits of nanoseconds after them.
    private const int StatxBytes = 256;
    private const int StatxOwnerOffset = 20;
    private const int StatxModeOffset = 28;
    private const int StatxInodeOffset = 32;
    private const int StatxSizeOffset = 40;
    private const int StatxBirthOffset = 80;
    private const int StatxChangedOffset = 96;
    private const int StatxModifiedOffset = 112;
    private const int StatxDeviceOffset = 136;

    // STATX_TYPE | STATX_MODE | STATX_UID | STATX_MTIME | STATX_CTIME | STATX_INO | STATX_SIZE, and STATX_BTIME; the mask that comes back
    // says what the file system has of these.
    private const uint StatxStatus = 0x1 | 0x2 | 0x8 | 0x40 | 0x80 | 0x100 | 0x200;
    private const uint StatxBirth = 0x800;
    internal const int CurrentDirectory = -100;
    private const int DoNotFollowLink = 0x100;
    private const int EmptyPath = 0x1000;

    // man 3 readlink: PATH_MAX, which is also as much as /proc tells of a path.
    private const int LongestPath = 4096;

    private const int DuplicateCloseOnExec = 1030; // F_DUPFD_CLOEXEC
    private const int Sequential = 2;

    // A tenth of the processor time of others: with the lowest, 19, nothing would be done on a busy machine.
    private const int LowPriority = 10;

    private static readonly Lazy<SafeFileHandle> AnyDescriptor = new(() => File.OpenHandle("/dev/null"));

    /// <summary>The account that the service runs as.</summary>
    public static uint EffectiveUser { get; } = OperatingSystem.IsLinux() ? GetEffectiveUser() : 0;

    public static bool Supported { get; } = OperatingSystem.IsLinux() && Directory.Exists("/proc/self/fd");

    /// <summary>Opens for reading without ever waiting; null when nothing is there.</summary>
    /// <exception cref="UnauthorizedAccessException">The service may not read it.</exception>
    /// <exception cref="IOException">The file system failed.</exception>
    public static SafeFileHandle? OpenRead(byte[] path)
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
                case TryAgain when (flags & NonBlocking) != 0 && StatusOf(path) is { IsRegular: true }:
                    // A file server holds a lease on the file, and gives it up when somebody waits for it.
                    flags &= ~NonBlocking;
                    continue;
                case NoSuchFile or NotADirectory or TooManyLinks:
                    return null;
                case var error:
                    throw Failure(path, error);
            }
        }
    }

    public static byte[]? PathOf(SafeFileHandle handle)
    {
        var target = new byte[LongestPath];
        var length = ReadLink(Encoding.ASCII.GetBytes($"/proc/self/fd/{handle.DangerousGetHandle()}\0"), target, target.Length);
        return length is > 0 and < LongestPath ? target[..(int)length] : null;
    }

    public static byte[]? RealPathOfFolder(string path)
    {
        using var handle = OpenRead(Encoding.UTF8.GetBytes(path));
        return handle is null ? null : PathOf(handle);
    }

    /// <summary>Follows no link; null when nothing is there.</summary>
    public static LinuxStatus? StatusOf(byte[] path) => StatusOf(CurrentDirectory, Terminated(path));

    public static LinuxStatus? StatusOf(string path) => StatusOf(Encoding.UTF8.GetBytes(path));

    /// <summary>The same, but of what links lead to.</summary>
    public static LinuxStatus? TargetOf(string path) => StatusOf(CurrentDirectory, Terminated(Encoding.UTF8.GetBytes(path)), flags: 0);

    /// <param name="folder">Descriptor of an open folder, or <see cref="CurrentDirectory"/>.</param>
    /// <param name="terminated">A path that ends in NUL.</param>
    public static LinuxStatus? StatusOf(int folder, ReadOnlySpan<byte> terminated) => StatusOf(folder, terminated, DoNotFollowLink);

    /// <summary>Whether nobody else can put, take away or exchange anything there: a folder that is the service's own.</summary>
    public static bool IsOwnFolder(string path) =>
        TargetOf(path) is { IsFolder: true, IsWritableByOthers: false } folder && folder.Owner == EffectiveUser;

    /// <summary>Pipes, sockets and devices may hang whoever opens them, or do something.</summary>
    /// <exception cref="IOException">There is something that is no regular file.</exception>
    public static void RefuseSpecial(string path)
    {
        if (Supported && TargetOf(path) is { IsRegular: false })
        {
            throw new IOException($"'{path}' is no regular file.");
        }
    }

    public static LinuxStatus? StatusOf(SafeFileHandle handle) => StatusOf((int)handle.DangerousGetHandle(), [0], EmptyPath);

    public static Exception Failure(byte[] path) => Failure(path, Marshal.GetLastPInvokeError());

    public static void WillReadSequentially(SafeFileHandle handle) => _ = Advise((int)handle.DangerousGetHandle(), 0, 0, Sequential);

    /// <summary>Lets the calling thread give way to others (man 2 setpriority: on Linux the value is the thread's own, and its I/O
    /// follows).</summary>
    public static void LowerPriorityOfThread() => _ = SetPriority(which: 0, who: 0, LowPriority);

    /// <summary>Lets a process that was just started give way to others, take no more than so much, and write no file (man 2 prlimit:
    /// RLIMIT_CPU, RLIMIT_FSIZE and RLIMIT_AS).</summary>
    public static void Restrain(int process, long memoryBytes, int processorSeconds)
    {
        _ = SetPriority(which: 0, (uint)process, LowPriority);
        foreach (var (resource, limit) in ((int, long)[])[(0, processorSeconds), (1, 0), (9, memoryBytes)])
        {
            _ = Limit(process, resource, [limit, limit], before: null);
        }
    }

    /// <summary>How many files and connections the process may have open at the same time (man 2 getrlimit: RLIMIT_NOFILE); null where it
    /// is not known.</summary>
    public static long? DescriptorLimit()
    {
        var limits = new long[2];
        return Supported && Limit(process: 0, resource: 7, limit: null, limits) == 0 && limits[0] >= 0 ? limits[0] : null;
    }

    /// <summary>The descriptor that the next file or connection would get; null when there is none left.</summary>
    public static int? LowestFreeDescriptor()
    {
        if (Duplicate((int)AnyDescriptor.Value.DangerousGetHandle(), DuplicateCloseOnExec, atLeast: 0) is >= 0 and var lowest)
        {
            _ = Close(lowest);
            return lowest;
        }

        return null;
    }

    private static Exception Failure(byte[] path, int error) => error is AccessDenied or NotPermitted
        ? new UnauthorizedAccessException($"The service may not read '{ByteName.ToText(path)}'.")
        : new IOException($"'{ByteName.ToText(path)}': {Marshal.GetPInvokeErrorMessage(error)}", error);

    private static LinuxStatus? StatusOf(int folder, ReadOnlySpan<byte> terminated, int flags)
    {
        Span<byte> status = stackalloc byte[StatxBytes];
        ref readonly var name = ref MemoryMarshal.GetReference(terminated);
        if (Statx(folder, in name, flags, StatxStatus | StatxBirth, ref MemoryMarshal.GetReference(status)) != 0)
        {
            return null;
        }

        var hasBirth = (BitConverter.ToUInt32(status) & StatxBirth) != 0;
        return new LinuxStatus(
            BitConverter.ToUInt16(status[StatxModeOffset..]),
            BitConverter.ToUInt32(status[StatxOwnerOffset..]),
            new FileStatus(
                BitConverter.ToInt64(status[StatxSizeOffset..]),
                TimeAt(status[StatxModifiedOffset..]).ToDateTimeOffset(),
                new Inode(
                    BitConverter.ToUInt64(status[StatxDeviceOffset..]),
                    BitConverter.ToUInt64(status[StatxInodeOffset..]),
                    TimeAt(status[StatxChangedOffset..]),
                    hasBirth ? TimeAt(status[StatxBirthOffset..]) : null)));
    }

    private static UnixTime TimeAt(ReadOnlySpan<byte> time) => new(BitConverter.ToInt64(time), BitConverter.ToUInt32(time[8..]));

    private static byte[] Terminated(byte[] path) => [.. path, 0];

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static extern int Statx(int folder, ref readonly byte path, int flags, uint mask, ref byte status);

    [DllImport("libc", EntryPoint = "readlink")]
    private static extern nint ReadLink(byte[] path, [Out] byte[] target, nint bytes);

    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern uint GetEffectiveUser();

    [DllImport("libc", EntryPoint = "setpriority")]
    private static extern int SetPriority(int which, uint who, int priority);

    [DllImport("libc", EntryPoint = "prlimit")]
    private static extern int Limit(int process, int resource, long[]? limit, [Out] long[]? before);

    [DllImport("libc", EntryPoint = "fcntl")]
    private static extern int Duplicate(int descriptor, int command, int atLeast);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);

    [DllImport("libc", EntryPoint = "posix_fadvise")]
    private static extern int Advise(int descriptor, long offset, long length, int advice);
}

/// <summary>The answer of <c>statx</c>.</summary>
/// <param name="Mode">Type and permissions: <c>stx_mode</c>.</param>
internal readonly record struct LinuxStatus(int Mode, uint Owner, FileStatus File)
{
    private const int TypeMask = 0xF000;
    private const int GroupOrOthersWrite = 0x12;

    public bool IsFolder => (Mode & TypeMask) == 0x4000;

    public bool IsRegular => (Mode & TypeMask) == 0x8000;

    public bool IsLink => (Mode & TypeMask) == 0xA000;

    public bool IsWritableByOthers => (Mode & GroupOrOthersWrite) != 0;
}
