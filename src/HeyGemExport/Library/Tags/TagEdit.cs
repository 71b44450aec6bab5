namespace HeyGemExport.Library.Tags;

/// <summary>A wish to give and take tags; what is named is all treated alike.</summary>
/// <param name="Paths">Videos, relative to the outputs folder with <c>/</c>.</param>
/// <param name="Batches">Batches; <c>.</c> is the ungrouped one.</param>
/// <param name="Add">Tags to give.</param>
/// <param name="Remove">Tags to take. Where a tag comes from the batch or from its <c>tags.json</c>, it stays.</param>
[System.Text.Json.Serialization.JsonUnmappedMemberHandling(System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow)]
internal sealed record TagEdit(
    IReadOnlyList<string>? Paths = null, IReadOnlyList<string>? Batches = null, IReadOnlyList<string>? Add = null, IReadOnlyList<string>? Remove = null)
{
    /// <summary>The most videos and batches of one wish.</summary>
    public const int MaxItems = 20_000;
}

/// <summary>What became of a wish to give and take tags.</summary>
internal abstract record TagEditResult
{
    private TagEditResult()
    {
    }

    /// <summary>Done.</summary>
    /// <param name="Changed">How many videos and batches have other tags than before.</param>
    public sealed record Done(int Changed) : TagEditResult;

    /// <summary>Nothing was changed.</summary>
    /// <param name="Code">One of <see cref="Codes"/>; a text <c>TagEdit.&lt;code&gt;</c> exists in each language.</param>
    /// <param name="Names">The tags, videos or batches concerned.</param>
    public sealed record Refused(string Code, IReadOnlyList<string> Names) : TagEditResult;

    /// <summary>Every code of a refusal.</summary>
    internal static IReadOnlyList<string> Codes { get; } = ["nothing-named", "no-tags", "tag-invalid", "not-listed", "too-many-tags", "too-many-items", "tag-elsewhere"];
}
