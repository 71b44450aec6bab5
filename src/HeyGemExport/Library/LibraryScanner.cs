using HeyGemExport.Library.Tags;
using HeyGemExport.Library.Tasks;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;

namespace HeyGemExport.Library;

/// <summary>One video, task list or list of tags as the file system lists it.</summary>
/// <param name="Path">Relative to the outputs folder, with <c>/</c>.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="ModifiedAt">Last write time.</param>
/// <param name="Fault">Why it can be listed and not examined, or null.</param>
internal readonly record struct ListedFile(string Path, long Bytes, DateTimeOffset ModifiedAt, VideoFault? Fault = null);

/// <summary>The videos and what stands beside them that the file system lists, or why it does not.</summary>
internal sealed record Listing(IReadOnlyList<ListedFile> Files, IReadOnlyList<ListedFile> TaskLists, IReadOnlyList<ListedFile> TagFiles, VideoFault? Fault = null);

/// <summary>Lists the videos below the outputs folder: never what is hidden, in an ignored folder, a link, or not a regular file.</summary>
internal sealed partial class LibraryScanner(OutputsRoot root, VideoExtensions extensions, ILogger<LibraryScanner> logger)
{
    private readonly HashSet<string> unreadableFolders = new(StringComparer.Ordinal);

    /// <summary>Lists all videos now. Not to be called twice at the same time.</summary>
    public Listing List(CancellationToken cancellationToken)
    {
        try
        {
            ProveReadable(root.FullPath);
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

    // The provider answers a folder that it cannot open with an empty list, which would be taken for an empty folder.
    private static void ProveReadable(string folder)
    {
        using var entries = Directory.EnumerateFileSystemEntries(folder).GetEnumerator();
        _ = entries.MoveNext();
    }

    private static ListedFile Describe(string path, FileInfo file) => new(path, file.Length, new DateTimeOffset(file.LastWriteTimeUtc));

    private Listing ListBelow(PhysicalFileProvider provider, CancellationToken cancellationToken)
    {
        Harvest found = new(new(StringComparer.Ordinal), [], [], new([""]));
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

    private void ListFolder(PhysicalFileProvider provider, string folder, Harvest found)
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
            ProveReadable(Path.Join(provider.Root, folder));
        }
    }

    private void ListText(PhysicalFileProvider provider, string folder, List<IFileInfo> entries, Harvest found)
    {
        foreach (var entry in entries)
        {
            var path = Below(folder, entry.Name);
            // Not the entry's own path, which is empty where it is longer than the system takes.
            var fullPath = Path.Join(provider.Root, path);
            if (entry.IsDirectory)
            {
                // What is not there by this name is pushed all the same: listing it says why.
                if (!extensions.IgnoresFolder(entry.Name)
                    && (new DirectoryInfo(fullPath) is not { Exists: true, Attributes: var attributes } || !attributes.HasFlag(FileAttributes.ReparsePoint)))
                {
                    found.Folders.Push(path);
                }
            }
            else if (found.SidecarsLike(path) is { } sidecars)
            {
                if (new FileInfo(fullPath) is var sidecar && OutputsRoot.IsRegular(sidecar))
                {
                    sidecars.Add(Describe(path, sidecar));
                }
            }
            else if (extensions.Match(entry.Name) && Examine(path, new FileInfo(fullPath)) is { } file)
            {
                // Where names are not listed by their bytes, two that are not UTF-8 can read alike.
                found.Files[path] = file;
            }
        }
    }

    // Only where a name may not be UTF-8: most folders are listed by .NET.
    private void ListBytes(string folder, Harvest found)
    {
        var bytes = (folder.Length == 0 ? LinuxFile.RealPathOfFolder(root.FullPath) : root.BytesOf(folder)) ?? throw new DirectoryNotFoundException();
        foreach (var name in LinuxFolder.List(bytes).Where(name => name[0] != '.'))
        {
            var path = Below(folder, ByteName.ToText(name));
            switch (LinuxFile.StatusOf([.. bytes, (byte)'/', .. name]))
            {
                case { IsFolder: true } when extensions.IgnoresFolder(ByteName.ToText(name)):
                    break;
                case { IsFolder: true }:
                    found.Folders.Push(path);
                    break;
                case { IsRegular: true } file when found.SidecarsLike(path) is { } sidecars:
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
            return Describe(path, file);
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

    private sealed record Harvest(
        Dictionary<string, ListedFile> Files, List<ListedFile> TaskLists, List<ListedFile> TagFiles, Stack<string> Folders)
    {
        /// <summary>Where a path belongs that is no video by its name.</summary>
        public List<ListedFile>? SidecarsLike(string path) => TaskListFile.Is(path) ? TaskLists : TagFile.Is(path) ? TagFiles : null;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The outputs folder {Path} cannot be read")]
        public static partial void OutputsUnreadable(ILogger logger, string path, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "The folder {Folder} below the outputs folder cannot be read; its videos are not listed")]
        public static partial void FolderUnreadable(ILogger logger, string folder, Exception exception);
    }
}
