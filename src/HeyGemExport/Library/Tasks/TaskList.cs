namespace HeyGemExport.Library.Tasks;

/// <summary>Why a task list cannot be read: a stable code, and the figure that its text needs.</summary>
/// <param name="Code">For example <c>json-invalid</c>; a text with the key <c>TaskListFault.json-invalid</c> exists in each language.</param>
/// <param name="Figure">The line from 1, or the limit that was passed; 0 when the text needs none.</param>
internal sealed record TaskListFault(string Code, long Figure = 0);

/// <summary>What a batch's task list says. The format is described in <c>docs/task-lists.md</c>.</summary>
/// <param name="Tasks">The tasks in the list's order; none when it cannot be read.</param>
/// <param name="ModifiedAt">When the list was last written.</param>
/// <param name="Fault">Why it cannot be read, or null.</param>
internal sealed record TaskList(IReadOnlyList<RenderTask> Tasks, DateTimeOffset ModifiedAt, TaskListFault? Fault = null)
{
    /// <summary>The largest list that is read: 4 MiB.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>The most tasks that a list may hold.</summary>
    public const int MaxTasks = 100_000;

    /// <summary>Whether both say the same.</summary>
    internal bool IsSame(TaskList other) =>
        ModifiedAt == other.ModifiedAt && Fault == other.Fault && Tasks.SequenceEqual(other.Tasks);
}

/// <summary>Every reason for which a task list is not read. Each code has a text <c>TaskListFault.&lt;code&gt;</c> in every language.</summary>
internal static class TaskListFaults
{
    /// <summary>Every code.</summary>
    public static IReadOnlyList<string> Codes { get; } =
    [
        "empty", "too-large", "too-many-tasks", "not-utf8", "not-a-list", "json-invalid", "task-invalid", "csv-header", "csv-invalid",
        "unreadable", "read-failed",
    ];

    /// <summary>Nothing but white space.</summary>
    public static TaskListFault Empty { get; } = new("empty");

    /// <summary>Larger than <see cref="TaskList.MaxBytes"/>; the figure is mebibytes.</summary>
    public static TaskListFault TooLarge { get; } = new("too-large", TaskList.MaxBytes / (1024 * 1024));

    /// <summary>More tasks than <see cref="TaskList.MaxTasks"/>.</summary>
    public static TaskListFault TooManyTasks { get; } = new("too-many-tasks", TaskList.MaxTasks);

    /// <summary>Bytes that are not UTF-8.</summary>
    public static TaskListFault NotUtf8 { get; } = new("not-utf8");

    /// <summary>JSON that is neither an array nor an object with one under <c>tasks</c>.</summary>
    public static TaskListFault NotAList { get; } = new("not-a-list");

    /// <summary>No JSON from this line on.</summary>
    public static TaskListFault JsonInvalid(long line) => new("json-invalid", line);

    /// <summary>What begins on this line is no task, or one without a name.</summary>
    public static TaskListFault TaskInvalid(long line) => new("task-invalid", line);

    /// <summary>A CSV whose first line names neither <c>name</c> nor <c>file</c>.</summary>
    public static TaskListFault CsvHeader { get; } = new("csv-header");

    /// <summary>Wrong quoting, or another number of fields than the header.</summary>
    public static TaskListFault CsvInvalid(long line) => new("csv-invalid", line);

    /// <summary>The service has no right to read it.</summary>
    public static TaskListFault Unreadable { get; } = new("unreadable");

    /// <summary>The file system failed.</summary>
    public static TaskListFault ReadFailed { get; } = new("read-failed");
}
