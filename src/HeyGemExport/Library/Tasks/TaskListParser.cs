using System.Text.Unicode;

namespace HeyGemExport.Library.Tasks;

/// <summary>Reads the content of a task list, whoever wrote it and however far they got.</summary>
internal static class TaskListParser
{
    /// <summary>The list, or the fault that ends it. A file that is named twice is one task; its last line counts.</summary>
    public static TaskList Parse(byte[] content, bool isJson, DateTimeOffset modifiedAt)
    {
        ReadOnlyMemory<byte> text = content;
        if (text.Span.StartsWith("\uFEFF"u8))
        {
            text = text[3..];
        }

        List<RenderTask> tasks = [];
        var fault = !Utf8.IsValid(text.Span) ? TaskListFaults.NotUtf8
            : text.Span.TrimStart(" \t\r\n"u8).IsEmpty ? TaskListFaults.Empty
            : isJson ? TaskListJson.Read(text.Span, tasks)
            : TaskListCsv.Read(text, tasks);
        return new TaskList(fault is null ? WithoutRepetitions(tasks) : [], modifiedAt, fault);
    }

    private static List<RenderTask> WithoutRepetitions(List<RenderTask> tasks)
    {
        Dictionary<string, int> positions = new(StringComparer.Ordinal);
        List<RenderTask> once = new(tasks.Count);
        foreach (var task in tasks)
        {
            if (task.Key is not { } key)
            {
                once.Add(task);
            }
            else if (positions.TryAdd(key, once.Count))
            {
                once.Add(task);
            }
            else
            {
                once[positions[key]] = task;
            }
        }

        return once;
    }
}
