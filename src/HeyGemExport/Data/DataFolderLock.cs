using HeyGemExport.Hosting;

namespace HeyGemExport.Data;

/// <summary>Keeps a SQLite data folder for one server: a second one would take over what the first works on. Held until the host
/// ends.</summary>
internal sealed class DataFolderLock(Database database, IOptions<DataOptions> options, IHostEnvironment environment) : IDisposable
{
    /// <summary>.NET on Linux reports a lock of somebody else as EWOULDBLOCK.</summary>
    private const int LinuxLocked = 11;
    private const int MacLocked = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    private const int Attempts = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private FileStream? held;

    /// <summary>Waits a moment for one that is just ending.</summary>
    /// <exception cref="DataFolderInUseException">Another server has the folder.</exception>
    public async Task AcquireAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; !TryAcquire(isLast: attempt == Attempts); attempt++)
        {
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    public void Dispose() => held?.Dispose();

    /// <returns>False when another server has the folder.</returns>
    private bool TryAcquire(bool isLast)
    {
        if (!database.IsSqlite)
        {
            return true;
        }

        var folder = Path.GetFullPath(options.Value.Path, environment.ContentRootPath);
        try
        {
            PrivateFiles.CreateFolder(folder);
            held = PrivateFiles.Open(Path.Combine(folder, "heygem-export.lock"), FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException exception) when (exception.HResult is LinuxLocked or MacLocked or WindowsSharingViolation)
        {
            return isLast ? throw new DataFolderInUseException(folder) : false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be written: the start-up check says so, on the page as well.
        }

        return true;
    }
}

internal sealed class DataFolderInUseException(string folder) : Exception($"Another server uses '{folder}'.")
{
    public string Folder => folder;
}
