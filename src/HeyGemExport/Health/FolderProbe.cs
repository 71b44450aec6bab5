using HeyGemExport.FileSystem;
using HeyGemExport.Hosting;
using HeyGemExport.Localization;

namespace HeyGemExport.Health;

/// <summary>Tests a folder by using it: lists it, opens a video, writes a file. Blocks as long as the file system does.</summary>
internal sealed class FolderProbe(string name, string key, string path)
{
    // A full file system may still accept an empty file, but not a block of this size.
    private const int ProbeBytes = 64 * 1024;

    // Enough to notice a wrong owner among the batches, and cheap on a network folder.
    private const int MaxBatches = 200;

    private static readonly EnumerationOptions Visible = new()
    {
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint,
        IgnoreInaccessible = false,
    };

    public string Name => name;

    /// <summary>Whether the folder and its batches can be listed, and a video in each be opened.</summary>
    public CheckResult Readable(IReadOnlyCollection<string> extensions) => Test(
        exception => exception is UnauthorizedAccessException ? "folder-unreadable" : "folder-error",
        () =>
        {
            if (!Directory.Exists(path))
            {
                return Result(CheckState.Failed, "folder-missing");
            }

            OpenOneVideo(path, extensions);
            var denied = Directory.EnumerateDirectories(path, "*", Visible)
                .Take(MaxBatches).FirstOrDefault(batch => !CanRead(batch, extensions));
            return denied is null ? Result(CheckState.Ok, "folder-readable") : Result(CheckState.Degraded, "batch-denied", denied);
        });

    /// <summary>Whether a file can be written into the folder; creates the folder when it is missing.</summary>
    public CheckResult Writable() => Test(
        CodeOf,
        () =>
        {
            PrivateFiles.CreateFolder(path);
            WriteAndRemove();
            return Result(CheckState.Ok, "folder-writable");
        });

    /// <summary>The same for a folder of large files, which do not belong in the machine's memory.</summary>
    public CheckResult WritableOnDisk() => Writable() is { State: not CheckState.Ok } failed ? failed
        : FileSystemKind.IsInMemory(path) ? Result(CheckState.Degraded, "folder-in-memory")
        : Result(CheckState.Ok, "folder-writable");

    /// <param name="low">Free bytes below which the result is degraded.</param>
    /// <param name="least">Free bytes below which the check fails.</param>
    public CheckResult Space(long low, long least)
    {
        var space = DiskSpace.Of(ExistingAncestor());
        if (space.FreeBytes is not { } free)
        {
            return Result(CheckState.Degraded, "space-unknown", space.Error ?? "");
        }

        var (state, code) = free < least ? (CheckState.Failed, "space-out")
            : free < low ? (CheckState.Degraded, "space-low")
            : (CheckState.Ok, "space-enough");
        return Result(state, code, ByteSize.Format(free), ByteSize.Format(state == CheckState.Failed ? least : low));
    }

    public CheckResult TimedOut(string seconds) => Result(CheckState.Failed, "check-timeout", seconds);

    private static bool CanRead(string batch, IReadOnlyCollection<string> extensions)
    {
        try
        {
            OpenOneVideo(batch, extensions);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            // Batches come and go meanwhile.
            return true;
        }
    }

    private static void OpenOneVideo(string folder, IReadOnlyCollection<string> extensions)
    {
        var video = Directory.EnumerateFiles(folder, "*", Visible).FirstOrDefault(file =>
            extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)
            && (!LinuxSyscalls.Supported || LinuxSyscalls.TargetOf(file) is { IsRegular: true }));
        if (video is null)
        {
            return;
        }

        try
        {
            using var stream = new FileStream(video, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            _ = stream.ReadByte();
        }
        catch (IOException)
        {
            // Deleted meanwhile, or broken: one file says nothing about the folder, and the scan reports it.
        }
    }

    private static string CodeOf(Exception exception) => exception switch
    {
        UnauthorizedAccessException => "folder-denied",
        IOException io when DiskSpace.IsFull(io) => "folder-full",
        IOException io when DiskSpace.IsReadOnly(io) => "folder-read-only",
        _ => "folder-error",
    };

    private void WriteAndRemove()
    {
        var probe = Path.Combine(path, $".write-check-{Guid.NewGuid():N}");
        try
        {
            using var file = PrivateFiles.Open(probe, FileMode.CreateNew);
            file.Write(new byte[ProbeBytes]);
            file.Flush(flushToDisk: true);
        }
        finally
        {
            File.Delete(probe);
        }
    }

    private CheckResult Test(Func<Exception, string> codeOf, Func<CheckResult> test)
    {
        if (ExistingAncestor() is var nearest && File.Exists(nearest))
        {
            return Result(CheckState.Failed, "folder-is-file", nearest);
        }

        try
        {
            return test();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Result(CheckState.Failed, codeOf(exception), exception.Message);
        }
    }

    private string ExistingAncestor()
    {
        var nearest = path;
        while (!Path.Exists(nearest) && Path.GetDirectoryName(nearest) is { } parent)
        {
            nearest = parent;
        }

        return nearest;
    }

    private CheckResult Result(CheckState state, string code, params IReadOnlyList<string> details) =>
        CheckResult.Of(name, state, code, path, key, details);
}
