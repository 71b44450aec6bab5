namespace HeyGemExport.FileSystem;

internal static class SecretFile
{
    /// <summary>Without the line break that editors add; null when it cannot be read or is empty.</summary>
    public static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } secret ? secret : null;
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
