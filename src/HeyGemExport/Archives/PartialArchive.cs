namespace HeyGemExport.Archives;

/// <summary>The file of an archive that is not finished: <c>&lt;name&gt;.zip.partial</c>, gone unless it is published.</summary>
/// <remarks>The file stays open and locked from the first byte to the proof: one that can be opened exclusively was left by a
/// process that is no more.</remarks>
internal sealed class PartialArchive : IAsyncDisposable
{
    /// <summary>What an unfinished archive's name ends in.</summary>
    public const string Suffix = ".partial";

    /// <summary>A sweep is done with a file in far less.</summary>
    private const int SweepAttempts = 1000;

    private const int UnnumberedError = unchecked((int)0x80131620);
    private const int Exists = 17;
    private const int NoSpaceLeft = 28;
    private const int TryAgainLinux = 11;
    private const int TryAgainMac = 35;

    private readonly string finalPath;
    private readonly string partialPath;
    private ArchiveDigest? digest;
    private bool published;

    private PartialArchive(string finalPath, long expectedBytes)
    {
        this.finalPath = finalPath;
        partialPath = finalPath + Suffix;
        Stream = new FileStream(partialPath, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
            PreallocationSize = expectedBytes,
        });
    }

    /// <summary>The sum of the archive, taken as it is built.</summary>
    public ArchiveDigest Digest => digest ??= new ArchiveDigest(Stream.SafeFileHandle);

    /// <summary>The file, readable and writable, without a buffer.</summary>
    public FileStream Stream { get; }

    /// <summary>Creates the file and sets space aside for it.</summary>
    /// <param name="finalPath">Where the finished archive will be.</param>
    /// <param name="expectedBytes">Its length, or a bound of it: <see cref="ArchiveSize.UpperBound"/>.</param>
    /// <exception cref="IOException">There is such a file, or not enough space; nothing is left behind.</exception>
    public static PartialArchive Create(string finalPath, long expectedBytes)
    {
        var attempts = 0;
        while (true)
        {
            try
            {
                var archive = new PartialArchive(finalPath, expectedBytes);
                if (File.Exists(archive.partialPath))
                {
                    return archive;
                }

                archive.Stream.Dispose();
            }
            catch (IOException exception) when (exception.HResult == UnnumberedError && !OperatingSystem.IsWindows())
            {
                // The runtime tells that space cannot be set aside without the system's number for it.
                throw new IOException(exception.Message, NoSpaceLeft);
            }
            catch (IOException exception) when (attempts++ < SweepAttempts && (exception.HResult is TryAgainLinux or TryAgainMac || (attempts > 1 && exception.HResult == Exists)))
            {
                // A sweep came between the creation and the lock, and removes the file as nobody's.
                Thread.Yield();
            }
        }
    }

    /// <summary>Brings the archive to the disk, gives back space that it does not need, and gives it its name.</summary>
    /// <exception cref="IOException">The disk failed, or there is a file of that name, which stays as it is.</exception>
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        Stream.SetLength(Stream.Length);
        await FlushToDiskAsync(cancellationToken);
        if (OperatingSystem.IsWindows())
        {
            await Stream.DisposeAsync();
        }

        // Locked until it has its name: without the lock a sweep would take it for nobody's.
        File.Move(partialPath, finalPath, overwrite: false);
        published = true;
        await Stream.DisposeAsync();
    }

    /// <summary>Brings to the disk what has been written so far; may run beside the proof.</summary>
    public Task FlushToDiskAsync(CancellationToken cancellationToken) =>
        Task.Run(() => RandomAccess.FlushToDisk(Stream.SafeFileHandle), cancellationToken);

    /// <summary>Closes the file, and deletes it unless it was published.</summary>
    public async ValueTask DisposeAsync()
    {
        if (digest is not null)
        {
            await digest.DisposeAsync();
        }

        await Stream.DisposeAsync();
        if (!published)
        {
            File.Delete(partialPath);
        }
    }
}
