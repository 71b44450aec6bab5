using System.Text.Json.Serialization;

namespace HeyGemExport.FileSystem;

/// <param name="FreeBytes">What the service may still write; null when it cannot be told.</param>
internal sealed record DiskSpace(string Path, long? FreeBytes, long? TotalBytes)
{
    [JsonIgnore]
    public string? Error { get; private init; }

    /// <summary>Never throws.</summary>
    public static DiskSpace Of(string path)
    {
        try
        {
            var drive = new DriveInfo(path);
            return new(path, drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new(path, FreeBytes: null, TotalBytes: null) { Error = exception.Message };
        }
    }

    public static bool IsFull(IOException exception) => OperatingSystem.IsWindows()
        ? Code(exception) is 0x27 or 0x70 // ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL
        : Code(exception) is 28 or 122 or 69; // ENOSPC; EDQUOT of Linux and of macOS

    public static bool IsReadOnly(IOException exception) =>
        Code(exception) == (OperatingSystem.IsWindows() ? 0x13 : 30); // ERROR_WRITE_PROTECT, EROFS

    private static int Code(IOException exception) => exception.HResult & 0xFFFF;
}
