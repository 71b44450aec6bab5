using HeyGemExport.FileSystem;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;

namespace HeyGemExport.Library;

/// <param name="Fault">Why it can be listed and not examined, or null.</param>
internal readonly record struct ListedFile(string Path, long Bytes, DateTimeOffset ModifiedAt, VideoFault? Fault = null);

internal sealed record Listing(
    IReadOnlyList<ListedFile> Files, IReadOnlyList<ListedFile> TaskLists, IReadOnlyList<ListedFile> TagFiles, VideoFault? Fault = null);

/// <summary>Lists the videos below the outputs folder: never what is hidden, in an ignored folder, a link, or not a regular file.</summary>
internal sealed partial class LibraryScanner(OutputsRoot root, VideoExtensions extensions, ILogger<LibraryScanner> logger)
{
    private readonly HashSet<string> unreadableFolders = new(StringComparer.Ordinal);

    /// <summary>Not to be called concurrently.</summary>
    public Listing List(CancellationToken cancellationToken)
    {
        try
        {
            EnsureReadable(root.FullPath);
            using var provider = new PhysicalFileProvider(root.FullPath, ExclusionFilters.Sensitive);
            return ListBelow(provider, cancellationToken);
        }
        catch (DirectoryNotFoundException)
        {
            return new Listing([], [], [], VideoFaults.OutputsMissing);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.OutputsUnreadable(logger, root.FullPath, exception);
            return new Listing([], [], [], VideoFaults.OutputsUnreadable);
        }
    }

    // The provider returns an empty list for a folder that it cannot open.
    private static void EnsureReadable(string folder)
    {
        using var entries = Directory.EnumerateFileSystemEntries(folder).GetEnumerator();
        _ = entries.MoveNext();
    }

    private static ListedFile Listed(string path, FileInfo file) => new(path, file.Length, new DateTimeOffset(file.LastWriteTimeUtc));

    private Listing ListBelow(PhysicalFileProvider provider, CancellationToken cancellationToken)
    {
        Findings found = new(new(StringComparer.Ordinal), [], [], new([""]));
        while (found.Folders.TryPop(out var folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                ListFolder(provider, folder, found);
                unreadableFolders.Remove(folder);
            }
            catch (Exception exception) when (folder.Length > 0 && exception is IOException or UnauthorizedAccessException)
            {
                WarnOnce(folder, exception);
            }
        }

        return new Listing([.. found.Files.Values], found.TaskLists, found.TagFiles);
    }

    private void ListFolder(PhysicalFileProvider provider, string folder, Findings found)
    {
        List<IFileInfo>? entries = OutputsRoot.HasBytes(folder) ? null : [.. provider.GetDirectoryContents(folder)];
        if (entries is null || entries.Exists(entry => OutputsRoot.HasBytes(entry.Name)))
        {
            ListBytes(folder, found);
        }
        else if (entries.Count > 0)
        {
            ListText(provider, folder, entries, found);
        }
        else
        {
            EnsureReadable(Path.Join(provider.Root, folder));
        }
    }

    private void ListText(PhysicalFileProvider provider, string folder, List<IFileInfo> entries, Findings found)
    {
        foreach (var entry in entries)
        {
            var path = Below(folder, entry.Name);
            // Not the entry's own path, which is empty if it is longer than the system allows.
            var fullPath = Path.Join(provider.Root, path);
            if (entry.IsDirectory)
            {
                // A folder that cannot be found by this name is pushed as well: listing it tells why.
                if (!extensions.IgnoresFolder(entry.Name)
                    && (new DirectoryInfo(fullPath) is not { Exists: true, Attributes: var attributes }
                        || !attributes.HasFlag(FileAttributes.ReparsePoint)))
                {
                    found.Folders.Push(path);
                }
            }
            else if (found.SidecarsOf(path) is { } sidecars)
            {
                if (new FileInfo(fullPath) is var sidecar && OutputsRoot.IsRegular(sidecar))
                {
                    sidecars.Add(Listed(path, sidecar));
                }
            }
            else if (extensions.Match(entry.Name) && Examine(path, new FileInfo(fullPath)) is { } file)
            {
                // Without a listing of the bytes, two names that are not UTF-8 can look the same.
                found.Files[path] = file;
            }
        }
    }

    // Only where a name may not be UTF-8: most folders are listed by .NET.
    private void ListBytes(string folder, Findings found)
    {
        var bytes = (folder.Length == 0 ? LinuxSyscalls.RealPathOfFolder(root.FullPath) : root.BytesOf(folder))
            ?? throw new DirectoryNotFoundException();
        foreach (var name in LinuxFolder.List(bytes).Where(name => name[0] != '.'))
        {
            var path = Below(folder, ByteName.ToText(name));
            switch (LinuxSyscalls.StatusOf([.. bytes, (byte)'/', .. name]))
            {
                case { IsFolder: true } when extensions.IgnoresFolder(ByteName.ToText(name)):
                    break;
                case { IsFolder: true }:
                    found.Folders.Push(path);
                    break;
                case { IsRegular: true } file when found.SidecarsOf(path) is { } sidecars:
                    sidecars.Add(new ListedFile(path, file.Bytes, file.ModifiedAt));
                    break;
                case { IsRegular: true } file when extensions.Match(path):
                    found.Files[path] = new ListedFile(path, file.Bytes, file.ModifiedAt);
                    break;
            }
        }
    }

    private static string Below(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";

    private static ListedFile? Examine(string path, FileInfo file)
    {
        if (OutputsRoot.IsRegular(file))
        {
            return Listed(path, file);
        }

        return !file.Exists && ByteName.IsPossible(file.Name)
            ? new ListedFile(path, 0, DateTimeOffset.UnixEpoch, VideoFaults.NameUnreadable)
            : null;
    }

    private void WarnOnce(string folder, Exception exception)
    {
        var vanished = exception is DirectoryNotFoundException && (LinuxFolder.Supported || !ByteName.IsPossible(folder));
        if (!vanished && unreadableFolders.Add(folder))
        {
            Log.FolderUnreadable(logger, folder, exception);
        }
    }

    private sealed record Findings(
        Dictionary<string, ListedFile> Files, List<ListedFile> TaskLists, List<ListedFile> TagFiles, Stack<string> Folders)
    {
        /// <summary>Where the sidecar file at a path belongs; null when it is none.</summary>
        public List<ListedFile>? SidecarsOf(string path) =>
            Sidecar.IsTaskList(path) ? TaskLists : Sidecar.IsTagFile(path) ? TagFiles : null;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "无法读取输出目录 {Path}")]
        public static partial void OutputsUnreadable(ILogger logger, string path, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "无法读取输出目录中的子目录 {Folder}，其中的视频不会列出")]
        public static partial void FolderUnreadable(ILogger logger, string folder, Exception exception);
    }
}
