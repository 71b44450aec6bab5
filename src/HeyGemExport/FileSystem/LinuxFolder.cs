using System.Runtime.InteropServices;

namespace HeyGemExport.FileSystem;

/// <summary>Lists a folder of Linux by the bytes of its names, which .NET gives only as text, in no order and without garbage.</summary>
internal sealed class LinuxFolder : IDisposable
{
    // struct dirent of glibc and musl on 64 bits: d_ino 8, d_off 8, d_reclen 2, d_type 1, d_name.
    private const int LengthOffset = 16;
    private const int TypeOffset = 18;
    private const int NameOffset = 19;

    // DT_UNKNOWN, which some file systems answer for everything, and DT_DIR.
    private const byte UnknownType = 0;
    private const byte FolderType = 4;

    private readonly byte[] path;
    private readonly int descriptor;
    private readonly IntPtr stream;
    private byte[] name = new byte[256];
    private int length;
    private byte type;

    private LinuxFolder(byte[] path, int descriptor, IntPtr stream) =>
        (this.path, this.descriptor, this.stream) = (path, descriptor, stream);

    public static bool Supported { get; } = LinuxSyscalls.Supported && Environment.Is64BitProcess;

    /// <summary>The entry's name, never <c>.</c> or <c>..</c>; until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> Name => name.AsSpan(0, length);

    /// <summary>Whether the entry is a folder and not a link to one.</summary>
    public bool IsFolder => type == FolderType || (type == UnknownType && Status() is { IsFolder: true });

    /// <summary>Null when there is no such folder, or it is a link.</summary>
    /// <exception cref="UnauthorizedAccessException">The service may not list it.</exception>
    /// <exception cref="IOException">The file system failed.</exception>
    public static LinuxFolder? Open(byte[] path)
    {
        var status = LinuxSyscalls.StatusOf(path);
        // What cannot be asked for its status says why when it is opened.
        using var handle = status is null or { IsFolder: true } ? LinuxSyscalls.OpenRead(path) : null;
        if (handle is null || status is null)
        {
            return null;
        }

        // The stream takes the descriptor over and closes it.
        var opened = (int)handle.DangerousGetHandle();
        var entries = OpenStream(opened);
        if (entries == IntPtr.Zero)
        {
            throw LinuxSyscalls.Failure(path);
        }

        handle.SetHandleAsInvalid();
        return new LinuxFolder(path, opened, entries);
    }

    /// <summary>Goes to the next entry; false at the end.</summary>
    /// <exception cref="IOException">The file system failed.</exception>
    public bool Read()
    {
        do
        {
            var entry = ReadStream(stream);
            if (entry == IntPtr.Zero)
            {
                return Marshal.GetLastPInvokeError() == 0 ? false : throw LinuxSyscalls.Failure(path);
            }

            var bytes = (ushort)Marshal.ReadInt16(entry, LengthOffset) - NameOffset;
            if (bytes > name.Length)
            {
                name = new byte[bytes];
            }

            Marshal.Copy(entry + NameOffset, name, 0, bytes);
            type = Marshal.ReadByte(entry, TypeOffset);
            length = Array.IndexOf(name, (byte)0);
        }
        while (Name is [(byte)'.'] or [(byte)'.', (byte)'.']);

        return true;
    }

    /// <summary>Of the entry itself, not of what it links to; null when it is gone.</summary>
    public LinuxStatus? Status() => LinuxSyscalls.StatusOf(descriptor, name.AsSpan(0, length + 1));

    public void Dispose() => _ = CloseStream(stream);

    [DllImport("libc", EntryPoint = "fdopendir", SetLastError = true)]
    private static extern IntPtr OpenStream(int descriptor);

    [DllImport("libc", EntryPoint = "readdir", SetLastError = true)]
    private static extern IntPtr ReadStream(IntPtr stream);

    [DllImport("libc", EntryPoint = "closedir")]
    private static extern int CloseStream(IntPtr stream);
}
