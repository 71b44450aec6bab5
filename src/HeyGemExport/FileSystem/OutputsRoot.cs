using System.Text;
using Microsoft.Win32.SafeHandles;

namespace HeyGemExport.FileSystem;

/// <summary>The only way to a file in the outputs folder, which may be a link, and may come and go. Below it no link is followed.</summary>
internal sealed class OutputsRoot(string path)
{
    private readonly byte[] rootBytes = Encoding.UTF8.GetBytes(Path.TrimEndingDirectorySeparator(path) + '/');

    public string FullPath { get; } = Path.TrimEndingDirectorySeparator(path);

    /// <summary>Null for a path that is absolute or climbs, leads through a link, or names no regular file.</summary>
    public FileStatus? Resolve(string relativePath)
    {
        if (!RelativePath.IsSafe(relativePath))
        {
            return null;
        }

        try
        {
            return LinuxSyscalls.Supported ? WalkOnLinux(relativePath) : Walk(relativePath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Opens the file for reading, shared with writers and deleters, without a buffer of its own.</summary>
    /// <remarks>A file that was swapped for a link between the check and the open is never read.</remarks>
    /// <exception cref="FileNotFoundException">There is no such file, or the path leads through a link or out of the folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The service may not read the file.</exception>
    /// <exception cref="IOException">The file system failed.</exception>
    public FileStream OpenRead(string relativePath)
    {
        _ = Resolve(relativePath) ?? throw Missing(relativePath);
        return LinuxSyscalls.Supported ? OpenOnLinux(relativePath) : OpenElsewhere(relativePath);
    }

    /// <summary>Whether file identities are reliable here: not on network shares, whose servers may renumber files.</summary>
    public async Task<bool> KeepsIdentityAsync(CancellationToken cancellationToken) =>
        LinuxSyscalls.Supported && !await FileSystemKind.NeedsPollingAsync(FullPath, cancellationToken);

    /// <summary>Stays the same whatever is put into the folder. It is another one when the folder was removed and made again, mounted over,
    /// or is a link that leads elsewhere now; null when there is none.</summary>
    public string? FolderId()
    {
        if (LinuxSyscalls.Supported)
        {
            return LinuxSyscalls.TargetOf(FullPath) is { IsFolder: true, File.Inode: { } inode }
                ? $"{inode.Device} {inode.Number} {inode.Birth ?? inode.Changed}"
                : null;
        }

        var folder = new DirectoryInfo(FullPath);
        return folder.Exists ? $"{folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName} {folder.CreationTimeUtc.Ticks}" : null;
    }

    /// <summary>Null when there is none, or the system does not tell.</summary>
    public FileIdentity? Identify(string relativePath) => FileIdentity.Of(Resolve(relativePath)?.Inode);

    internal FileIdentity? IdentifyFolder(string relativePath) =>
        LinuxSyscalls.Supported && RelativePath.IsSafe(relativePath) && BytesOf(relativePath) is { } path
            && LinuxSyscalls.StatusOf(path) is { IsFolder: true } folder
            ? FileIdentity.Of(folder.File.Inode)
            : null;

    public static FileIdentity? Identify(SafeFileHandle handle) => FileIdentity.Of(StatusOf(handle).Inode);

    public static FileStatus StatusOf(SafeFileHandle handle) => LinuxSyscalls.Supported && LinuxSyscalls.StatusOf(handle) is { } status
        ? status.File
        : new(RandomAccess.GetLength(handle), ModifiedAt(() => File.GetLastWriteTimeUtc(handle)));

    /// <exception cref="IOException">The file system failed.</exception>
    public bool LeadsThroughLink(string relativePath) => Prefixes(relativePath).Any(prefix => LinuxSyscalls.Supported
        ? BytesOf(prefix) is { } path && LinuxSyscalls.StatusOf(path) is { IsLink: true }
        : new FileInfo(Path.Join(FullPath, prefix)).LinkTarget is not null);

    /// <summary>Null when no name reads so.</summary>
    internal byte[]? BytesOf(string relativePath) => ByteName.ToBytes(relativePath) is { } path ? [.. rootBytes, .. path] : null;

    /// <summary>Whether a path can be of names that .NET does not find.</summary>
    internal static bool HasBytes(ReadOnlySpan<char> relativePath) => LinuxFolder.Supported && ByteName.IsPossible(relativePath);

    internal static FileStatus StatusOf(FileInfo file) => new(file.Length, ModifiedAt(() => file.LastWriteTimeUtc));

    private static FileNotFoundException Missing(string relativePath) => new("There is no such file in the outputs folder.", relativePath);

    private FileStatus? Walk(string relativePath)
    {
        foreach (var prefix in Prefixes(relativePath).SkipLast(1))
        {
            var folder = new DirectoryInfo(Path.Join(FullPath, prefix));
            if (!folder.Exists || folder.Attributes.HasFlag(FileAttributes.ReparsePoint))
            {
                return null;
            }
        }

        var file = new FileInfo(Path.Join(FullPath, relativePath));
        return IsRegular(file) ? StatusOf(file) : null;
    }

    private FileStatus? WalkOnLinux(string relativePath)
    {
        if (BytesOf(relativePath) is not { } path)
        {
            return null;
        }

        byte[] terminated = [.. path, 0];
        for (var at = rootBytes.Length; Array.IndexOf(terminated, (byte)'/', at) is >= 0 and var slash; at = slash + 1)
        {
            terminated[slash] = 0;
            if (LinuxSyscalls.StatusOf(LinuxSyscalls.CurrentDirectory, terminated.AsSpan(0, slash + 1)) is not { IsFolder: true })
            {
                return null;
            }

            terminated[slash] = (byte)'/';
        }

        return LinuxSyscalls.StatusOf(LinuxSyscalls.CurrentDirectory, terminated) is { IsRegular: true } file ? file.File : null;
    }

    private static DateTimeOffset ModifiedAt(Func<DateTime> read)
    {
        try
        {
            return UnixTime.Nearest(new DateTimeOffset(read()));
        }
        catch (ArgumentOutOfRangeException)
        {
            return UnixTime.Latest;
        }
    }

    // a, a/b and a/b/c of a/b/c.
    private static IEnumerable<string> Prefixes(string relativePath)
    {
        for (var slash = relativePath.IndexOf('/'); slash >= 0; slash = relativePath.IndexOf('/', slash + 1))
        {
            yield return relativePath[..slash];
        }

        yield return relativePath;
    }

    /// <summary>Whether this is a file proper: not a link, a folder, a pipe or a device.</summary>
    internal static bool IsRegular(FileInfo file) =>
        file.Exists
        && (file.Attributes & (FileAttributes.ReparsePoint | FileAttributes.Directory | FileAttributes.Device)) == FileAttributes.None;

    private FileStream OpenOnLinux(string relativePath)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = LinuxSyscalls.OpenRead(BytesOf(relativePath) ?? throw Missing(relativePath)) ?? throw Missing(relativePath);
            if (LinuxSyscalls.StatusOf(handle) is not { IsRegular: true } || !IsBelowFolder(handle, ByteName.ToBytes(relativePath)))
            {
                throw Missing(relativePath);
            }

            LinuxSyscalls.WillReadSequentially(handle);
            var stream = new FileStream(handle, FileAccess.Read, bufferSize: 0, isAsync: false);
            handle = null;
            return stream;
        }
        finally
        {
            handle?.Dispose();
        }
    }

    private bool IsBelowFolder(SafeFileHandle handle, ReadOnlySpan<byte> relativePath)
    {
        var real = LinuxSyscalls.RealPathOfFolder(FullPath).AsSpan();
        var opened = LinuxSyscalls.PathOf(handle).AsSpan();
        // The root of the file system is the one folder whose path ends in a separator.
        var prefix = real is [(byte)'/'] ? [] : real;
        return !real.IsEmpty
            && opened.StartsWith(prefix)
            && opened[prefix.Length..] is [(byte)'/', .. var below]
            && below.SequenceEqual(relativePath);
    }

    private FileStream OpenElsewhere(string relativePath)
    {
        FileStream? stream = null;
        try
        {
            stream = new FileStream(Path.Join(FullPath, relativePath), new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            });
            var opened = Resolve(relativePath) is not null ? stream : throw Missing(relativePath);
            stream = null;
            return opened;
        }
        catch (DirectoryNotFoundException)
        {
            throw Missing(relativePath);
        }
        finally
        {
            stream?.Dispose();
        }
    }
}
