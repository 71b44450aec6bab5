using System.Diagnostics;

namespace HeyGemExport.Testing;

/// <summary>A file system in memory, mounted at a folder: the way to a disk that is really full or read-only for root.</summary>
internal sealed class MountedFolder : IDisposable
{
    private readonly string path;

    private MountedFolder(string path) => this.path = path;

    /// <summary>Null where mounting is not allowed.</summary>
    public static MountedFolder? TryMount(string path, string options)
    {
        Directory.CreateDirectory(path);
        return OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path) ? new MountedFolder(path) : null;
    }

    /// <summary>For a <see cref="MountFactAttribute"/>.</summary>
    public static MountedFolder Mount(string path, string options) =>
        TryMount(path, options) ?? throw new InvalidOperationException($"tmpfs cannot be mounted at {path} with {options}.");

    /// <summary>Lazily: a process that another test starts at this moment has a copy of every open file until it runs its program,
    /// and the file system is busy as long.</summary>
    public void Dispose() => Assert.True(Run("umount", "--lazy", path));

    public static bool Run(string command, params string[] arguments)
    {
        if (Programs.Find(command) is null)
        {
            return false;
        }

        using var process =
            Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
