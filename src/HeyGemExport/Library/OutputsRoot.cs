using Microsoft.Extensions.Options;
using Microsoft.Win32.SafeHandles;

namespace HeyGemExport.Library;

/// <summary>The outputs folder, and the only way from a relative path to a file in it. The folder itself may be a
/// link; below it links are never followed. It need not exist: it may come, go and come back.</summary>
/// <param name="options">Where the folder is configured.</param>
/// <param name="environment">Gives the content root that a relative folder starts from.</param>
public sealed class OutputsRoot(IOptions<LibraryOptions> options, IHostEnvironment environment)
{
    /// <summary>The folder's absolute path, without a separator at its end.</summary>
    public string FullPath { get; } = Path.TrimEndingDirectorySeparator(
        Path.GetFullPath(Path.Combine(environment.ContentRootPath, options.Value.OutputsPath)));

    /// <summary>The file at a path relative to the outputs folder, or null when the path is not one
    /// (absolute, <c>..</c>, a link on the way, nothing there, not a regular file).</summary>
    public FileInfo? Resolve(string relativePath)
    {
        ArgumentNullException.ThrowIfNull(relativePath);
        if (!RelativePath.IsSafe(relativePath))
        {
            return null;
        }

        try
        {
            return Walk(relativePath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Opens the file for reading, shared with writers and deleters, without a buffer of its own.</summary>
    /// <remarks>What was opened is proved to be the file inside the folder, so that a file that was swapped for a
    /// link between the check and the open is never read.</remarks>
    /// <exception cref="FileNotFoundException">There is no such file, or the path leads through a link or out of the folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The service may not read the file.</exception>
    /// <exception cref="IOException">The file system failed.</exception>
    public FileStream OpenRead(string relativePath)
    {
        var file = Resolve(relativePath) ?? throw Missing(relativePath);
        return LinuxFile.Supported ? OpenOnLinux(relativePath, file) : OpenElsewhere(relativePath, file);
    }

    /// <summary>Whether files here keep an identity that can be relied on: not on shares, whose servers may number files anew.</summary>
    public async Task<bool> KeepsIdentityAsync(CancellationToken cancellationToken) =>
        LinuxFile.Supported && !await FileSystemKind.NeedsPollingAsync(FullPath, cancellationToken);

    /// <summary>Which file a path leads to; null when to none, or where the system does not tell.</summary>
    public FileIdentity? Identify(string relativePath) =>
        LinuxFile.Supported && Resolve(relativePath) is { } file ? LinuxFile.Identify(file.FullName) : null;

    /// <summary>Which file an open handle is of; null where the system does not tell.</summary>
    public static FileIdentity? Identify(SafeFileHandle handle) => LinuxFile.Supported ? LinuxFile.Identify(handle) : null;

    private static FileNotFoundException Missing(string relativePath) =>
        new("There is no such file in the outputs folder.", relativePath);

    private FileInfo? Walk(string relativePath)
    {
        var current = FullPath;
        var segments = relativePath.Split('/');
        for (var index = 0; index < segments.Length - 1; index++)
        {
            current = Path.Join(current, segments[index]);
            var folder = new DirectoryInfo(current);
            if (!folder.Exists || folder.Attributes.HasFlag(FileAttributes.ReparsePoint))
            {
                return null;
            }
        }

        var file = new FileInfo(Path.Join(current, segments[^1]));
        return IsRegular(file) ? file : null;
    }

    /// <summary>Whether this is a file proper: not a link, a folder, a pipe or a device.</summary>
    internal static bool IsRegular(FileInfo file) =>
        file.Exists
        && (file.Attributes & (FileAttributes.ReparsePoint | FileAttributes.Directory | FileAttributes.Device)) == FileAttributes.None
        // Pipes, sockets and devices have no length, so that only empty files need the second look.
        && (file.Length > 0 || !LinuxFile.Supported || LinuxFile.IsRegular(file.FullName));

    private FileStream OpenOnLinux(string relativePath, FileInfo file)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = LinuxFile.OpenRead(file.FullName) ?? throw Missing(relativePath);
            var real = LinuxFile.RealPathOfFolder(FullPath) ?? throw Missing(relativePath);
            var expected = Path.Join(real, relativePath);
            if (!LinuxFile.IsRegular(handle) || !string.Equals(LinuxFile.PathOf(handle), expected, StringComparison.Ordinal))
            {
                throw Missing(relativePath);
            }

            LinuxFile.WillReadSequentially(handle);
            var stream = new FileStream(handle, FileAccess.Read, bufferSize: 0, isAsync: false);
            handle = null;
            return stream;
        }
        finally
        {
            handle?.Dispose();
        }
    }

    private FileStream OpenElsewhere(string relativePath, FileInfo file)
    {
        FileStream? stream = null;
        try
        {
            stream = new FileStream(file.FullName, new FileStreamOptions
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
