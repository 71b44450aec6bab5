namespace HeyGemExport.FileSystem;

internal static class SidecarFile
{
    /// <summary>The whole of it; null when there is too much. Its length is no promise: it may grow while it is read.</summary>
    /// <exception cref="FileNotFoundException">There is no such file, or a link stands on the way.</exception>
    /// <exception cref="UnauthorizedAccessException">The service may not read it.</exception>
    /// <exception cref="IOException">The file system failed.</exception>
    public static async Task<byte[]?> ReadAsync(OutputsRoot root, string path, int maxBytes, CancellationToken cancellationToken)
    {
        await using var stream = root.OpenRead(path);
        if (stream.Length > maxBytes)
        {
            return null;
        }

        var content = new byte[(int)stream.Length + 1];
        var read = await stream.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken);
        return read > maxBytes ? null : content[..read];
    }
}
