using System.Runtime.InteropServices;

namespace HeyGemExport.FileSystem;

/// <summary>Lists a folder of Linux by the bytes of its names, which .NET gives only as text.</summary>
internal static class LinuxFolder
{
    // struct dirent of glibc and musl on 64 bits: d_ino 8, d_off 8, d_reclen 2, d_type 1, d_name.
    private const int LengthOffset = 16;
    private const int NameOffset = 19;

    public static bool Supported { get; } = LinuxSyscalls.Supported && Environment.Is64BitProcess;

    /// <summary>The names in a folder that is no link itself, without <c>.</c> and <c>..</c>, in no order.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, or it is a link.</exception>
    /// <exception cref="UnauthorizedAccessException">The service may not list it.</exception>
    /// <exception cref="IOException">The file system failed.</exception>
    public static IReadOnlyList<byte[]> List(byte[] path)
    {
        if (LinuxSyscalls.StatusOf(path) is not { IsFolder: true })
        {
            throw new DirectoryNotFoundException($"There is no folder '{ByteName.ToText(path)}'.");
        }

        using var handle = LinuxSyscalls.OpenRead(path)
            ?? throw new DirectoryNotFoundException($"There is no folder '{ByteName.ToText(path)}'.");
        // The stream takes the descriptor over and closes it.
        var stream = OpenStream((int)handle.DangerousGetHandle());
        if (stream == IntPtr.Zero)
        {
            throw LinuxSyscalls.Failure(path);
        }

        handle.SetHandleAsInvalid();
        try
        {
            return Read(stream, path);
        }
        finally
        {
            _ = CloseStream(stream);
        }
    }

    private static List<byte[]> Read(IntPtr stream, byte[] path)
    {
        List<byte[]> names = [];
        while (ReadStream(stream) is var entry && entry != IntPtr.Zero)
        {
            var name = new byte[(ushort)Marshal.ReadInt16(entry, LengthOffset) - NameOffset];
            Marshal.Copy(entry + NameOffset, name, 0, name.Length);
            name = name[..Array.IndexOf(name, (byte)0)];
            if (name is not ([(byte)'.'] or [(byte)'.', (byte)'.']))
            {
                names.Add(name);
            }
        }

        return Marshal.GetLastPInvokeError() == 0 ? names : throw LinuxSyscalls.Failure(path);
    }

    [DllImport("libc", EntryPoint = "fdopendir", SetLastError = true)]
    private static extern IntPtr OpenStream(int descriptor);

    [DllImport("libc", EntryPoint = "readdir", SetLastError = true)]
    private static extern IntPtr ReadStream(IntPtr stream);

    [DllImport("libc", EntryPoint = "closedir")]
    private static extern int CloseStream(IntPtr stream);
}
