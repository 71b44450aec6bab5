using HeyGemExport.FileSystem;

namespace HeyGemExport.Library.Tags;

/// <summary>What a batch's <c>tags.json</c> says. The format is described in <c>docs/tags.md</c>.</summary>
/// <param name="Videos">Tags of single videos, by their path in the outputs folder in NFC.</param>
/// <param name="Issue">Why it cannot be read and gives no tags; a text <c>TagFileFault.&lt;code&gt;</c> exists in each language.</param>
internal sealed record TagFile(
    IReadOnlyList<string> Tags, IReadOnlyDictionary<string, IReadOnlyList<string>> Videos, SidecarIssue? Issue = null) : Sidecar(Issue)
{
    public const int MaxBytes = 1024 * 1024;

    public TagFile(SidecarIssue issue)
        : this([], new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal), issue)
    {
    }

    public IReadOnlyList<string> TagsOf(string path) =>
        Videos.Count > 0 && Videos.TryGetValue(VideoSearch.Compose(path), out var tags) ? tags : [];
}

internal sealed class TagFileReader(OutputsRoot root, TimeProvider time, ILogger<TagFileReader> logger)
    : SidecarReader<TagFile>(root, TagFile.MaxBytes, time, logger)
{
    protected override TagFile Parse(ListedFile file, byte[] content) => TagFileParser.Parse(content, Video.BatchOf(file.Path));

    protected override TagFile Unreadable(ListedFile file, SidecarIssue issue) =>
        new(issue.Code is "read-failed" ? new SidecarIssue("unreadable") : issue);
}
