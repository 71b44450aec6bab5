using System.Diagnostics;

namespace HeyGemExport.Testing;

/// <summary>A folder of a test's own, gone with it.</summary>
public sealed class TempFolder : IDisposable
{
    public TempFolder() => FullPath = Directory.CreateTempSubdirectory("heygem-test-").FullName;

    public string FullPath { get; }

    public string this[params string[] parts] => Path.Combine([FullPath, .. parts]);

    public string Write(string relativePath, byte[] content, DateTime? modifiedAtUtc = null)
    {
        var path = this[relativePath];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        if (modifiedAtUtc is { } time)
        {
            File.SetLastWriteTimeUtc(path, time);
        }

        return path;
    }

    public void Dispose()
    {
        if (!Directory.Exists(FullPath))
        {
            return;
        }

        try
        {
            Directory.Delete(FullPath, recursive: true);
        }
        catch (Exception refused) when (refused is IOException or ArgumentException && OperatingSystem.IsLinux())
        {
            // .NET deletes no file whose name is not UTF-8 or whose path is longer than the system takes.
            using var remove = Process.Start("rm", ["-rf", "--one-file-system", FullPath]);
            remove.WaitForExit();
        }
    }
}
