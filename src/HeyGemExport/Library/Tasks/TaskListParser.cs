namespace HeyGemExport.Library.Tasks;

internal static class TaskListParser
{
    /// <summary>A file that is named twice is one task; its last line counts.</summary>
    public static TaskList Parse(byte[] content, bool isJson, DateTimeOffset modifiedAt)
    {
        List<RenderTask> tasks = [];
        var issue = Sidecar.TextOf(content) is not { } text ? new SidecarIssue("not-utf8")
            : text.Span.TrimStart(" \t\r\n"u8).IsEmpty ? new SidecarIssue("empty")
            : isJson ? TaskListJson.Read(text.Span, tasks)
            : TaskListCsv.Read(text, tasks);
        return new TaskList(issue is null ? WithoutRepetitions(tasks) : [], modifiedAt, issue);
    }

    private static List<RenderTask> WithoutRepetitions(List<RenderTask> tasks)
    {
        Dictionary<string, int> positions = new(StringComparer.Ordinal);
        List<RenderTask> once = new(tasks.Count);
        foreach (var task in tasks)
        {
            if (task.Key is { } key && !positions.TryAdd(key, once.Count))
            {
                once[positions[key]] = task;
            }
            else
            {
                once.Add(task);
            }
        }

        return once;
    }
}
