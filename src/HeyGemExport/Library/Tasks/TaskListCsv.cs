using CsvHelper;

namespace HeyGemExport.Library.Tasks;

/// <summary>Task lists in CSV (RFC 4180) whose header names the columns <c>name</c>, <c>file</c> and <c>state</c> in any order.</summary>
internal static class TaskListCsv
{
    // A row with too few fields is what a half-written list ends with.
    private static readonly CsvReaderOptions Format = new()
    {
        Separator = ',',
        MalformedData = CsvMalformedDataHandling.Throw,
        FieldCountMismatch = CsvFieldCountHandling.Throw,
        TrackLineNumbers = true,
        IncludeValuesInExceptions = false,
    };

    /// <returns>What ended it early, or null.</returns>
    public static SidecarIssue? Read(ReadOnlyMemory<byte> text, List<RenderTask> tasks)
    {
        using var csv = CsvReader.Create(text, Format);
        try
        {
            return ReadTasks(csv, tasks);
        }
        catch (CsvFormatException exception)
        {
            return new SidecarIssue("csv-invalid", Math.Max(exception.LineNumber, 1));
        }
    }

    private static SidecarIssue? ReadTasks(CsvReader csv, List<RenderTask> tasks)
    {
        int? name = csv.TryGetFieldIndex("name", out var index) ? index : null;
        int? file = csv.TryGetFieldIndex("file", out index) ? index : null;
        int? state = csv.TryGetFieldIndex("state", out index) ? index : null;
        if (name is null && file is null)
        {
            return new SidecarIssue("csv-header");
        }

        while (csv.Read())
        {
            if (tasks.Count == TaskList.MaxTasks)
            {
                return TaskList.TooManyTasks;
            }

            if (RenderTask.Of(Field(csv, name), Field(csv, file), Field(csv, state)) is not { } task)
            {
                return new SidecarIssue("task-invalid", csv.LineNumber);
            }

            tasks.Add(task);
        }

        return null;
    }

    private static string? Field(CsvReader csv, int? index) => index is { } column ? csv.GetString(column) : null;
}
