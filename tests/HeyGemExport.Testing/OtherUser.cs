using System.Runtime.InteropServices;

namespace HeyGemExport.Testing;

/// <summary>Lets the thread meet the file system as an ordinary user, so that permissions stop a test that runs as root.</summary>
/// <remarks>setfsuid(2) concerns the calling thread alone; nothing may be awaited inside.</remarks>
internal sealed partial class OtherUser : IDisposable
{
    private const int Nobody = 65534;
    private readonly int before = SetFileSystemUser(Nobody);

    public void Dispose() => _ = SetFileSystemUser(before);

    [DllImport("libc", EntryPoint = "setfsuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetFileSystemUser(int id);
}
