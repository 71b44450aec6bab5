using HeyGemExport.FileSystem;

namespace HeyGemExport.Library;

/// <param name="maxBytes">The largest file that is read; a whole number of mebibytes.</param>
internal abstract partial class SidecarReader<T>(OutputsRoot root, int maxBytes, TimeProvider time, ILogger logger)
    where T : Sidecar
{
    // Within the resolution of a file system's clock (FAT: 2 s) a file can change without a change of its length and time.
    private static readonly TimeSpan ClockResolution = TimeSpan.FromSeconds(2);

    private Dictionary<string, Reading> known = new(StringComparer.Ordinal);

    /// <summary>What the file of each batch says; JSON takes precedence where a batch has several. Not to be called concurrently.</summary>
    public async Task<IReadOnlyDictionary<string, T>> ReadAsync(IReadOnlyList<ListedFile> files, CancellationToken cancellationToken)
    {
        Dictionary<string, T> byBatch = new(StringComparer.Ordinal);
        Dictionary<string, Reading> seen = new(StringComparer.Ordinal);
        foreach (var file in files.OrderByDescending(file => Sidecar.IsJson(file.Path)))
        {
            var batch = Video.BatchOf(file.Path);
            if (!byBatch.ContainsKey(batch) && await ReadAsync(file, cancellationToken) is { } reading)
            {
                seen.Add(file.Path, reading);
                byBatch.Add(batch, reading.Content);
            }
        }

        known = seen;
        return byBatch;
    }

    protected abstract T Parse(ListedFile file, byte[] content);

    protected abstract T Unreadable(ListedFile file, SidecarIssue issue);

    private async Task<Reading?> ReadAsync(ListedFile file, CancellationToken cancellationToken)
    {
        var before = known.GetValueOrDefault(file.Path);
        if (before is { MayChangeUnnoticed: false } && before.File == file)
        {
            return before;
        }

        try
        {
            var content = await ReadAllAsync(file.Path, cancellationToken) is { } bytes
                ? Parse(file, bytes)
                : Unreadable(file, new SidecarIssue("too-large", maxBytes / (1024 * 1024)));
            return Reading.Of(file, content, before, mayChangeUnnoticed: time.GetUtcNow() - file.ModifiedAt < ClockResolution);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var content = Unreadable(file, new SidecarIssue(exception is UnauthorizedAccessException ? "unreadable" : "read-failed"));
            if (before?.Content.Issue != content.Issue)
            {
                Log.Unreadable(logger, file.Path, exception);
            }

            return Reading.Of(file, content, before, mayChangeUnnoticed: true);
        }
    }

    // Null when there is too much. The length is no promise: the file may grow while it is read.
    private async Task<byte[]?> ReadAllAsync(string path, CancellationToken cancellationToken)
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

    private sealed record Reading(ListedFile File, T Content, bool MayChangeUnnoticed)
    {
        // Equal content stays the same object, by which the index knows that nothing changed.
        public static Reading Of(ListedFile file, T content, Reading? before, bool mayChangeUnnoticed) =>
            new(file, before is not null && before.Content.Equals(content) ? before.Content : content, mayChangeUnnoticed);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "无法读取 {Path}")]
        public static partial void Unreadable(ILogger logger, string path, Exception exception);
    }
}
