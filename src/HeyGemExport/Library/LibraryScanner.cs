using HeyGemExport.FileSystem;

namespace HeyGemExport.Library;

internal readonly record struct ListedFile(string Path, long Bytes, DateTimeOffset ModifiedAt);

internal sealed record Listing(IReadOnlyList<ListedFile> TaskLists, IReadOnlyList<ListedFile> TagFiles, VideoFault? Fault = null);

/// <summary>Some batches with all that is in them, and single files.</summary>
internal sealed record LibraryPart(IReadOnlySet<string> Batches, IReadOnlyCollection<string> Paths)
{
    /// <summary>The files that are in none of the batches.</summary>
    public IEnumerable<string> SinglePaths => Paths.Where(path => !HasBatchOf(path)).Distinct(StringComparer.Ordinal);

    public bool HasBatchOf(string path) => Batches.Contains(Video.BatchOf(path));
}

/// <param name="path">Only until the call returns.</param>
/// <param name="fault">Why it can be listed and not examined, or null.</param>
internal delegate void VideoFound(ReadOnlySpan<char> path, FileStatus file, VideoFault? fault);

/// <summary>Lists the videos below the outputs folder: never what is hidden, in an ignored folder, a link, or not a regular file.</summary>
internal sealed partial class LibraryScanner(OutputsRoot root, VideoExtensions extensions, ILogger<LibraryScanner> logger)
{
    // The most characters that stand for one byte of a name.
    private const int CharactersPerByte = 3;

    private readonly HashSet<string> unreadableFolders = new(StringComparer.Ordinal);
    private char[] pathBuffer = new char[512];

    /// <summary>Not to be called concurrently.</summary>
    /// <param name="part">What to list; null for everything.</param>
    public Listing List(LibraryPart? part, VideoFound found, CancellationToken cancellationToken)
    {
        try
        {
            Walk walk = new(found, [], [], new(), IsPart: part is not null);
            ListFolder("", part is null || part.Batches.Contains(Video.Ungrouped) ? walk : null);
            foreach (var batch in part?.Batches.Where(IsListed) ?? [])
            {
                walk.Folders.Push(batch);
            }

            ListBelow(walk, cancellationToken);
            foreach (var path in part?.SinglePaths.Where(path => path.Length > 0 && extensions.MayBeListed(path)) ?? [])
            {
                if (root.Resolve(path) is { } file)
                {
                    found(path, file, fault: null);
                }
            }

            return new Listing(walk.TaskLists, walk.TagFiles);
        }
        catch (DirectoryNotFoundException)
        {
            return new Listing([], [], VideoFaults.OutputsMissing);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.OutputsUnreadable(logger, root.FullPath, exception);
            return new Listing([], [], VideoFaults.OutputsUnreadable);
        }
    }

    private bool IsListed(string batch) =>
        RelativePath.IsSafe(batch) && !batch.Contains('/') && batch[0] != '.' && !extensions.IgnoresFolder(batch);

    private void ListBelow(Walk walk, CancellationToken cancellationToken)
    {
        while (walk.Folders.TryPop(out var folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                ListFolder(folder, walk);
                unreadableFolders.Remove(folder);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                WarnOnce(folder, exception);
            }
        }
    }

    // Without a walk it only makes sure that the folder can be listed.
    private void ListFolder(string folder, Walk? walk)
    {
        if (LinuxFolder.Supported)
        {
            ListOnLinux(folder, walk);
        }
        else
        {
            ListElsewhere(folder, walk);
        }
    }

    private void ListOnLinux(string folder, Walk? walk)
    {
        var bytes = folder.Length == 0 ? LinuxSyscalls.RealPathOfFolder(root.FullPath) : root.BytesOf(folder);
        using var entries = bytes is null ? null : LinuxFolder.Open(bytes);
        if (entries is null)
        {
            if (folder.Length == 0)
            {
                throw new DirectoryNotFoundException();
            }

            // Thousands of batches that are not there may be asked for: no exception for each.
            return;
        }

        var nameAt = folder.Length == 0 ? 0 : folder.Length + 1;
        while (walk is not null && entries.Read())
        {
            if (entries.Name[0] == '.')
            {
                continue;
            }

            var path = PathOf(folder, entries.Name);
            if (entries.IsFolder)
            {
                AddFolder(folder, path[nameAt..], walk);
            }
            else if (walk.SidecarsOf(path) is { } sidecars)
            {
                if (entries.Status() is { IsRegular: true, File: var sidecar })
                {
                    sidecars.Add(new ListedFile(path.ToString(), sidecar.Bytes, sidecar.ModifiedAt));
                }
            }
            else if (extensions.Match(path) && entries.Status() is { IsRegular: true, File: var file })
            {
                walk.Found(path, file, fault: null);
            }
        }
    }

    private void ListElsewhere(string folder, Walk? walk)
    {
        var directory = new DirectoryInfo(Path.Join(root.FullPath, folder));
        if (folder.Length > 0 && directory.Attributes.HasFlag(FileAttributes.ReparsePoint))
        {
            throw new DirectoryNotFoundException();
        }

        var entries = directory.EnumerateFileSystemInfos("*", new EnumerationOptions
        {
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
            IgnoreInaccessible = false,
        });
        foreach (var entry in entries.TakeWhile(_ => walk is not null).Where(entry => entry.Name[0] != '.'))
        {
            var path = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
            if (entry is not FileInfo file)
            {
                AddFolder(folder, entry.Name, walk!);
            }
            else if (!OutputsRoot.IsRegular(file))
            {
                if (!file.Exists && ByteName.IsPossible(file.Name) && extensions.Match(path))
                {
                    walk!.Found(path, new FileStatus(0, DateTimeOffset.UnixEpoch), VideoFaults.NameUnreadable);
                }
            }
            else if (walk!.SidecarsOf(path) is { } sidecars)
            {
                sidecars.Add(new ListedFile(path, file.Length, OutputsRoot.StatusOf(file).ModifiedAt));
            }
            else if (extensions.Match(path))
            {
                walk.Found(path, OutputsRoot.StatusOf(file), fault: null);
            }
        }
    }

    private void AddFolder(string folder, ReadOnlySpan<char> name, Walk walk)
    {
        if (!extensions.IgnoresFolder(name) && !(walk.IsPart && folder.Length == 0))
        {
            walk.Folders.Push(folder.Length == 0 ? name.ToString() : $"{folder}/{name}");
        }
    }

    private ReadOnlySpan<char> PathOf(string folder, ReadOnlySpan<byte> name)
    {
        var most = folder.Length + 1 + (CharactersPerByte * name.Length);
        if (pathBuffer.Length < most)
        {
            pathBuffer = new char[most];
        }

        folder.CopyTo(pathBuffer);
        var at = folder.Length;
        if (at > 0)
        {
            pathBuffer[at++] = '/';
        }

        return pathBuffer.AsSpan(0, at + ByteName.Write(name, pathBuffer.AsSpan(at)));
    }

    private void WarnOnce(string folder, Exception exception)
    {
        var vanished = exception is DirectoryNotFoundException && (LinuxFolder.Supported || !ByteName.IsPossible(folder));
        if (!vanished && unreadableFolders.Add(folder))
        {
            Log.FolderUnreadable(logger, folder, exception);
        }
    }

    private sealed record Walk(
        VideoFound Found, List<ListedFile> TaskLists, List<ListedFile> TagFiles, Stack<string> Folders, bool IsPart)
    {
        /// <summary>Where the sidecar file at a path belongs; null when it is none.</summary>
        public List<ListedFile>? SidecarsOf(ReadOnlySpan<char> path) =>
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
