using HeyGemExport.FileSystem;
using HeyGemExport.Library.Tasks;

namespace HeyGemExport.Library.Tags;

/// <summary>Reads the <c>tags.json</c> files that a scan found, and again only those that changed.</summary>
internal sealed partial class TagFileReader(OutputsRoot root, TimeProvider time, ILogger<TagFileReader> logger)
{
    private Dictionary<string, Reading> known = new(StringComparer.Ordinal);

    /// <summary>The tags of each batch that has such a file. Not to be called twice at the same time.</summary>
    public async Task<IReadOnlyDictionary<string, TagFile>> ReadAsync(IReadOnlyList<ListedFile> files, CancellationToken cancellationToken)
    {
        Dictionary<string, TagFile> byBatch = new(StringComparer.Ordinal);
        Dictionary<string, Reading> seen = new(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (await ReadAsync(file, cancellationToken) is { } reading)
            {
                seen.Add(file.Path, reading);
                byBatch.Add(TaskListFile.BatchOf(file.Path), reading.Tags);
            }
        }

        known = seen;
        return byBatch;
    }

    private async Task<Reading?> ReadAsync(ListedFile file, CancellationToken cancellationToken)
    {
        var before = known.GetValueOrDefault(file.Path);
        if (before is { MayChangeUnseen: false } && (before.Bytes, before.ModifiedAt) == (file.Bytes, file.ModifiedAt))
        {
            return before;
        }

        var mayChangeUnseen = time.GetUtcNow() - file.ModifiedAt < TaskListReader.ClockResolution;
        try
        {
            var tags = await SidecarFile.ReadAsync(root, file.Path, TagFile.MaxBytes, cancellationToken) is { } content
                ? TagFileParser.Parse(content, TaskListFile.BatchOf(file.Path))
                : new TagFile(new TagFileFault("too-large", TagFile.MaxBytes / (1024 * 1024)));
            return new Reading(file.Bytes, file.ModifiedAt, tags, mayChangeUnseen);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (before?.Tags.Fault?.Code is not "unreadable")
            {
                Log.CannotRead(logger, file.Path, exception);
            }

            return new Reading(file.Bytes, file.ModifiedAt, new TagFile(new TagFileFault("unreadable")), MayChangeUnseen: true);
        }
    }

    private sealed record Reading(long Bytes, DateTimeOffset ModifiedAt, TagFile Tags, bool MayChangeUnseen);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The tags in {Path} cannot be read")]
        public static partial void CannotRead(ILogger logger, string path, Exception exception);
    }
}
