using System.Text.Json.Serialization;

namespace HeyGemExport.Library.Tags;

/// <param name="Paths">Videos, relative to the outputs folder with <c>/</c>.</param>
/// <param name="Batches">Batches; <c>.</c> is the ungrouped one.</param>
/// <param name="Remove">A tag that comes from the batch or from its <c>tags.json</c> stays.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TagEdit(
    IReadOnlyList<string>? Paths = null,
    IReadOnlyList<string>? Batches = null,
    IReadOnlyList<string>? Add = null,
    IReadOnlyList<string>? Remove = null)
{
    public const int MaxItems = 20_000;
}

internal abstract record TagEditResult
{
    /// <param name="Changed">How many videos and batches have other tags than before.</param>
    public sealed record Done(int Changed) : TagEditResult;

    /// <param name="Code">Stable; a text <c>TagEdit.&lt;code&gt;</c> exists in each language.</param>
    public sealed record Refused(string Code, params IReadOnlyList<string> Names) : TagEditResult;
}
