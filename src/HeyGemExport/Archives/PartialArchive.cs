using HeyGemExport.Hosting;

namespace HeyGemExport.Archives;

/// <summary>The file of an unfinished archive: <c>&lt;name&gt;.zip.partial</c>, deleted unless it is published.</summary>
internal sealed class PartialArchive : IAsyncDisposable
{
    public const string Suffix = ".partial";

    private const int UnnumberedError = unchecked((int)0x80131620);
    private const int NoSpaceLeft = 28;

    private readonly string finalPath;
    private readonly string partialPath;
    private bool published;

    private PartialArchive(string finalPath, long expectedBytes, UnixFileMode mode)
    {
        this.finalPath = finalPath;
        partialPath = finalPath + Suffix;
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
            PreallocationSize = expectedBytes,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        Stream = new FileStream(partialPath, options);
    }

    public FileStream Stream { get; }

    /// <param name="mode">Who may read it.</param>
    /// <exception cref="IOException">There is such a file, or not enough space; nothing is left behind.</exception>
    public static PartialArchive Create(string finalPath, long expectedBytes, UnixFileMode mode = PrivateFiles.FileMode)
    {
        try
        {
            return new PartialArchive(finalPath, expectedBytes, mode);
        }
        catch (IOException exception) when (exception.HResult == UnnumberedError && !OperatingSystem.IsWindows())
        {
            // The runtime reports that space cannot be reserved without the system's error number.
            throw new IOException(exception.Message, NoSpaceLeft);
        }
    }

    /// <summary>Releases space that it does not need, and gives it its name.</summary>
    /// <param name="flush">Whether its bytes must be on the disk before it has its name.</param>
    /// <exception cref="IOException">The disk failed, or there is a file of that name, which stays as it is.</exception>
    public async Task PublishAsync(bool flush, CancellationToken cancellationToken)
    {
        Stream.SetLength(Stream.Length);
        if (flush)
        {
            await Task.Run(() => RandomAccess.FlushToDisk(Stream.SafeFileHandle), cancellationToken);
        }

        if (OperatingSystem.IsWindows())
        {
            await Stream.DisposeAsync();
        }

        File.Move(partialPath, finalPath, overwrite: false);
        published = true;
        await Stream.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        if (!published)
        {
            File.Delete(partialPath);
        }
    }
}
