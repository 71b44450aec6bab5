using HeyGemExport.Hosting;

namespace HeyGemExport.Data;

/// <summary>Keeps a SQLite data folder for one server: a second one would take over what the first works on. Held until the host ends.</summary>
internal sealed class DataFolderLock(Database database, IOptions<DataOptions> options, IHostEnvironment environment) : IDisposable
{
    /// <summary>.NET on Linux reports a lock of somebody else as EWOULDBLOCK.</summary>
    private const int LinuxLocked = 11;
    private const int MacLocked = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    private FileStream? held;

    /// <exception cref="DataFolderInUseException">Another server has the folder.</exception>
    public void Acquire()
    {
        if (!database.IsSqlite)
        {
            return;
        }

        var folder = Path.GetFullPath(options.Value.Path, environment.ContentRootPath);
        try
        {
            PrivateFiles.CreateFolder(folder);
            held = PrivateFiles.Open(Path.Combine(folder, "heygem-export.lock"), FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException exception) when (exception.HResult is LinuxLocked or MacLocked or WindowsSharingViolation)
        {
            throw new DataFolderInUseException(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be written: the start-up check says so, on the page as well.
        }
    }

    public void Dispose() => held?.Dispose();
}

internal sealed class DataFolderInUseException(string folder) : Exception($"Another server uses '{folder}'.")
{
    public string Folder => folder;
}
