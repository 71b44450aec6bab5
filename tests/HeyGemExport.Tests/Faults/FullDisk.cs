using System.Runtime.InteropServices;
using System.Text;

namespace HeyGemExport.Tests.Faults;

/// <summary>Takes all that is free on a small file system, at once, until it is disposed.</summary>
internal sealed class FullDisk : IDisposable
{
    private readonly List<string> ballast = [];

    /// <param name="folder">The mount point.</param>
    public FullDisk(string folder)
    {
        while (new DriveInfo(folder).AvailableFreeSpace is > 0 and var free)
        {
            var path = Path.Combine(folder, $"ballast-{ballast.Count}");
            try
            {
                using var file =
                    new FileStream(
                    path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, PreallocationSize = free });
                ballast.Add(path);
            }
            catch (IOException)
            {
                // Somebody else took some of it meanwhile.
            }
        }
    }

    /// <summary>Gives back what a file has set aside, as if its file system could not set anything aside.</summary>
    public static void Release(string path) => Assert.Equal(0, Truncate(Encoding.UTF8.GetBytes(path + '\0'), 0));

    public void Dispose()
    {
        foreach (var path in ballast)
        {
            File.Delete(path);
        }
    }

    [DllImport("libc", EntryPoint = "truncate", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Truncate(byte[] path, long length);
}
