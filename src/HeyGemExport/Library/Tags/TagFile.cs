namespace HeyGemExport.Library.Tags;

/// <summary>Why a <c>tags.json</c> cannot be read: a stable code, and the figure that its text needs.</summary>
/// <param name="Code">For example <c>json-invalid</c>; a text with the key <c>TagFileFault.json-invalid</c> exists in each language.</param>
/// <param name="Figure">The line from 1, or the limit that was passed; 0 when the text needs none.</param>
internal sealed record TagFileFault(string Code, long Figure = 0)
{
    /// <summary>Every code.</summary>
    internal static IReadOnlyList<string> Codes { get; } = ["too-large", "not-utf8", "json-invalid", "not-tags", "tag-invalid", "too-many-tags", "unreadable"];
}

/// <summary>What a batch's <c>tags.json</c> says. The format is described in <c>docs/tags.md</c>.</summary>
/// <param name="Tags">Tags of the batch.</param>
/// <param name="Videos">Tags of single videos, by their path in the outputs folder as it is compared.</param>
/// <param name="Fault">Why it cannot be read, so that it gives no tags; null when it can.</param>
internal sealed record TagFile(IReadOnlyList<string> Tags, IReadOnlyDictionary<string, IReadOnlyList<string>> Videos, TagFileFault? Fault = null)
{
    /// <summary>The largest file that is read: 1 MiB.</summary>
    public const int MaxBytes = 1024 * 1024;

    private const string FileName = "tags.json";

    /// <summary>One that cannot be read.</summary>
    public TagFile(TagFileFault fault)
        : this([], new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal), fault)
    {
    }

    /// <summary>Whether the path, relative to the outputs folder, is that of a batch's tags: in its folder, or in the outputs folder
    /// itself for the ungrouped batch.</summary>
    public static bool Is(string path) =>
        path.IndexOf('/', StringComparison.Ordinal) == path.LastIndexOf('/') && path[(path.LastIndexOf('/') + 1)..] is FileName;

    /// <summary>Tags of one video.</summary>
    public IReadOnlyList<string> TagsOf(string path) => Videos.Count > 0 && Videos.TryGetValue(VideoSearch.Compose(path), out var tags) ? tags : [];
}
