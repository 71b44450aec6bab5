using System.Text.Unicode;

namespace HeyGemExport.Library;

/// <summary>Why a task list or a <c>tags.json</c> cannot be read.</summary>
/// <param name="Code">Stable; for example <c>json-invalid</c>.</param>
/// <param name="Figure">The line, counted from 1, or the limit that was exceeded; 0 when the text needs none.</param>
internal sealed record SidecarIssue(string Code, long Figure = 0);

/// <summary>What a file beside the videos of a batch says: its task list, or its tags.</summary>
/// <param name="Issue">Why it cannot be read; null when it can.</param>
internal abstract record Sidecar(SidecarIssue? Issue)
{
    /// <summary>Whether a path is that of a task list: <c>tasks.json</c> or <c>tasks.csv</c> in a batch folder, or directly in the outputs
    /// folder for the ungrouped batch.</summary>
    public static bool IsTaskList(string path) => NameInBatch(path) is "tasks.json" or "tasks.csv";

    /// <summary>Whether a path is that of the tags of a batch, likewise.</summary>
    public static bool IsTagFile(string path) => NameInBatch(path) is "tags.json";

    public static bool IsJson(string path) => path.EndsWith(".json", StringComparison.Ordinal);

    /// <summary>The text without its byte order mark; null when it is not UTF-8.</summary>
    public static ReadOnlyMemory<byte>? TextOf(byte[] content)
    {
        ReadOnlyMemory<byte> text = content.AsSpan().StartsWith("\uFEFF"u8) ? content.AsMemory(3) : content;
        return Utf8.IsValid(text.Span) ? text : default(ReadOnlyMemory<byte>?);
    }

    private static string? NameInBatch(string path) =>
        path.LastIndexOf('/') is var slash && path.IndexOf('/', StringComparison.Ordinal) == slash ? path[(slash + 1)..] : null;
}
