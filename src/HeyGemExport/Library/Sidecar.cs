using System.Text.Unicode;

namespace HeyGemExport.Library;

/// <param name="Code">Stable; for example <c>json-invalid</c>.</param>
/// <param name="Figure">The line, counted from 1, or the limit that was exceeded; 0 when the text needs none.</param>
internal sealed record SidecarIssue(string Code, long Figure = 0);

internal abstract record Sidecar(SidecarIssue? Issue)
{
    /// <summary><c>tasks.json</c> or <c>tasks.csv</c> in a batch folder, or in the outputs folder for the ungrouped batch.</summary>
    public static bool IsTaskList(ReadOnlySpan<char> path) => NameInBatch(path) is "tasks.json" or "tasks.csv";

    public static bool IsTagFile(ReadOnlySpan<char> path) => NameInBatch(path) is "tags.json";

    public static bool IsJson(string path) => path.EndsWith(".json", StringComparison.Ordinal);

    /// <summary>The text without its byte order mark; null when it is not UTF-8.</summary>
    public static ReadOnlyMemory<byte>? TextOf(byte[] content)
    {
        ReadOnlyMemory<byte> text = content.AsSpan().StartsWith("\uFEFF"u8) ? content.AsMemory(3) : content;
        return Utf8.IsValid(text.Span) ? text : default(ReadOnlyMemory<byte>?);
    }

    private static ReadOnlySpan<char> NameInBatch(ReadOnlySpan<char> path) =>
        path.LastIndexOf('/') is var slash && path.IndexOf('/') == slash ? path[(slash + 1)..] : [];
}
