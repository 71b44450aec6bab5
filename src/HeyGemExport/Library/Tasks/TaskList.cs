using HeyGemExport.FileSystem;

namespace HeyGemExport.Library.Tasks;

/// <summary>What a batch's task list says. The format is described in <c>docs/task-lists.md</c>.</summary>
/// <param name="Issue">Why it cannot be read; a text <c>TaskListFault.&lt;code&gt;</c> exists in each language.</param>
internal sealed record TaskList(IReadOnlyList<RenderTask> Tasks, DateTimeOffset ModifiedAt, SidecarIssue? Issue = null) : Sidecar(Issue)
{
    public const int MaxBytes = 4 * 1024 * 1024;

    public const int MaxTasks = 100_000;

    public static SidecarIssue TooManyTasks { get; } = new("too-many-tasks", MaxTasks);

    public bool Equals(TaskList? other) =>
        other is not null && ModifiedAt == other.ModifiedAt && Issue == other.Issue && Tasks.SequenceEqual(other.Tasks);

    public override int GetHashCode() => HashCode.Combine(ModifiedAt, Issue, Tasks.Count);
}

internal sealed class TaskListReader(OutputsRoot root, TimeProvider time, ILogger<TaskListReader> logger)
    : SidecarReader<TaskList>(root, TaskList.MaxBytes, time, logger)
{
    protected override TaskList Parse(ListedFile file, byte[] content) =>
        TaskListParser.Parse(content, Sidecar.IsJson(file.Path), file.ModifiedAt);

    protected override TaskList Unreadable(ListedFile file, SidecarIssue issue) => new([], file.ModifiedAt, issue);
}
