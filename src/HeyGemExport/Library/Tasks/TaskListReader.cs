using HeyGemExport.FileSystem;

namespace HeyGemExport.Library.Tasks;

/// <summary>Reads the task lists that a scan found, and again only those that changed.</summary>
internal sealed partial class TaskListReader(OutputsRoot root, TimeProvider time, ILogger<TaskListReader> logger)
{
    // Within the resolution of a file system's clock (FAT: 2 s) a list can change without moving its size and time.
    internal static readonly TimeSpan ClockResolution = TimeSpan.FromSeconds(2);

    private Dictionary<string, Reading> known = new(StringComparer.Ordinal);

    /// <summary>The list of each batch that has one. Not to be called twice at the same time.</summary>
    public async Task<IReadOnlyDictionary<string, TaskList>> ReadAsync(IReadOnlyList<ListedFile> files, CancellationToken cancellationToken)
    {
        Dictionary<string, TaskList> byBatch = new(StringComparer.Ordinal);
        Dictionary<string, Reading> seen = new(StringComparer.Ordinal);
        foreach (var file in files.OrderByDescending(file => TaskListFile.IsJson(file.Path)))
        {
            var batch = TaskListFile.BatchOf(file.Path);
            if (!byBatch.ContainsKey(batch) && await ReadAsync(file, cancellationToken) is { } reading)
            {
                seen.Add(file.Path, reading);
                byBatch.Add(batch, reading.List);
            }
        }

        known = seen;
        return byBatch;
    }

    private async Task<Reading?> ReadAsync(ListedFile file, CancellationToken cancellationToken)
    {
        var before = known.GetValueOrDefault(file.Path);
        if (before is { MayChangeUnseen: false } && before.Bytes == file.Bytes && before.List.ModifiedAt == file.ModifiedAt)
        {
            return before;
        }

        if (await ParseAsync(file, before, cancellationToken) is not { } list)
        {
            return null;
        }

        // The same content stays the same object, by which the index knows that nothing changed.
        var same = before is not null && before.List.IsSame(list) ? before.List : list;
        var mayChangeUnseen = list.Fault == TaskListFaults.Unreadable || list.Fault == TaskListFaults.ReadFailed
            || time.GetUtcNow() - file.ModifiedAt < ClockResolution;
        return new Reading(file.Bytes, same, mayChangeUnseen);
    }

    private async Task<TaskList?> ParseAsync(ListedFile file, Reading? before, CancellationToken cancellationToken)
    {
        try
        {
            return await SidecarFile.ReadAsync(root, file.Path, TaskList.MaxBytes, cancellationToken) is { } content
                ? TaskListParser.Parse(content, TaskListFile.IsJson(file.Path), file.ModifiedAt)
                : new TaskList([], file.ModifiedAt, TaskListFaults.TooLarge);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException exception)
        {
            return Failed(file, before, TaskListFaults.Unreadable, exception);
        }
        catch (IOException exception)
        {
            return Failed(file, before, TaskListFaults.ReadFailed, exception);
        }
    }

    private TaskList Failed(ListedFile file, Reading? before, TaskListFault fault, Exception exception)
    {
        // It is tried again with every scan; it is worth one line.
        if (before?.List.Fault != fault)
        {
            Log.CannotRead(logger, file.Path, exception);
        }

        return new TaskList([], file.ModifiedAt, fault);
    }

    private sealed record Reading(long Bytes, TaskList List, bool MayChangeUnseen);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The task list {Path} cannot be read")]
        public static partial void CannotRead(ILogger logger, string path, Exception exception);
    }
}
