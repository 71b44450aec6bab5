using System.Text;
using System.Text.Json;

namespace HeyGemExport.Library.Tasks;

/// <summary>Task lists in JSON (RFC 8259): an array of tasks, or an object that has one under <c>tasks</c>.</summary>
internal static class TaskListJson
{
    /// <returns>What ended it early, or null.</returns>
    public static SidecarIssue? Read(ReadOnlySpan<byte> json, List<RenderTask> tasks)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            return EnterList(ref reader) ? ReadTasks(ref reader, json, tasks) : new SidecarIssue("not-a-list");
        }
        catch (JsonException exception)
        {
            return new SidecarIssue("json-invalid", (exception.LineNumber ?? 0) + 1);
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for half of an escaped surrogate pair.
            return new SidecarIssue("json-invalid", LineOf(json, reader.TokenStartIndex));
        }
    }

    private static bool EnterList(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return reader.TokenType == JsonTokenType.StartArray;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isList = string.Equals(reader.GetString(), "tasks", StringComparison.OrdinalIgnoreCase);
            reader.Read();
            if (isList)
            {
                return reader.TokenType == JsonTokenType.StartArray;
            }

            reader.Skip();
        }

        return false;
    }

    private static SidecarIssue? ReadTasks(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, List<RenderTask> tasks)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (tasks.Count == TaskList.MaxTasks)
            {
                return TaskList.TooManyTasks;
            }

            var start = reader.TokenStartIndex;
            if (reader.TokenType != JsonTokenType.StartObject || ReadTask(ref reader) is not { } task)
            {
                return new SidecarIssue("task-invalid", LineOf(json, start));
            }

            tasks.Add(task);
        }

        // A list that is cut off after its tasks may have been cut anywhere.
        while (reader.Read())
        {
        }

        return null;
    }

    private static RenderTask? ReadTask(ref Utf8JsonReader reader)
    {
        string? name = null, file = null, state = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = reader.GetString()!.ToUpperInvariant();
            reader.Read();
            if (property is not ("NAME" or "FILE" or "STATE"))
            {
                reader.Skip();
                continue;
            }

            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number or JsonTokenType.Null))
            {
                return null;
            }

            var value = reader.TokenType == JsonTokenType.Number ? Encoding.UTF8.GetString(reader.ValueSpan) : reader.GetString();
            (name, file, state) = property switch
            {
                "NAME" => (value, file, state),
                "FILE" => (name, value, state),
                _ => (name, file, value),
            };
        }

        return RenderTask.Of(name, file, state);
    }

    private static long LineOf(ReadOnlySpan<byte> json, long offset) => json[..(int)offset].Count((byte)'\n') + 1;
}
