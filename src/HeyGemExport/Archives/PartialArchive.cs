using HeyGemExport.Hosting;

namespace HeyGemExport.Archives;

/// <summary>The file of an unfinished archive: <c>&lt;name&gt;.zip.partial</c>, deleted unless it is published.</summary>
/// <remarks>Open and locked until it is published: one that can be opened exclusively was left by a process that has ended.</remarks>
internal sealed class PartialArchive : IAsyncDisposable
{
    public const string Suffix = ".partial";

    /// <summary>A sweep takes far less.</summary>
    private const int SweepAttempts = 1000;

    private const int UnnumberedError = unchecked((int)0x80131620);
    private const int Exists = 17;
    private const int NoSpaceLeft = 28;
    private const int TryAgainLinux = 11;
    private const int TryAgainMac = 35;

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
        var attempts = 0;
        while (true)
        {
            try
            {
                var archive = new PartialArchive(finalPath, expectedBytes, mode);
                if (File.Exists(archive.partialPath))
                {
                    return archive;
                }

                archive.Stream.Dispose();
            }
            catch (IOException exception) when (exception.HResult == UnnumberedError && !OperatingSystem.IsWindows())
            {
                // The runtime reports that space cannot be reserved without the system's error number.
                throw new IOException(exception.Message, NoSpaceLeft);
            }
            catch (IOException exception) when (attempts++ < SweepAttempts
                && (exception.HResult is TryAgainLinux or TryAgainMac || (attempts > 1 && exception.HResult == Exists)))
            {
                // A sweep came between the creation and the lock, and deletes the file as abandoned.
                Thread.Yield();
            }
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

        // Locked until it has its name: without the lock a sweep would take it for abandoned.
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
