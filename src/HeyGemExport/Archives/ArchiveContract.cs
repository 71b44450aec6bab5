namespace HeyGemExport.Archives;

/// <summary>One file that an export promises.</summary>
/// <param name="Path">Source, relative to the outputs folder with <c>/</c>.</param>
/// <param name="EntryName">Name in the archive: NFC, <c>/</c> separators, unique without case.</param>
/// <param name="Bytes">Length at confirmation.</param>
/// <param name="ModifiedAt">Last write time at confirmation.</param>
/// <param name="Identity">Which file it was at confirmation (device and inode); null where the system does not report it.</param>
/// <param name="Part">Which part of the archive it goes into, from 1.</param>
internal sealed record ContractEntry(
    string Path, string EntryName, long Bytes, DateTimeOffset ModifiedAt, string? Identity = null, int Part = 1)
{
    /// <summary>Its row of <c>metadata.csv</c> as of confirmation; null without that file.</summary>
    public EntryMetadata? Metadata { get; init; }
}

/// <summary>The frozen list of what an archive must hold: every file, nothing extra, nothing changed.</summary>
/// <param name="Entries">The files, in the order in which they are packed.</param>
/// <param name="Compression">How entries are compressed.</param>
/// <param name="Checksums">Whether a <c>SHA256SUMS</c> entry follows them.</param>
internal sealed record ArchiveContract(IReadOnlyList<ContractEntry> Entries, CompressionChoice Compression, bool Checksums)
{
    /// <summary>Null for no <c>manifest.json</c>.</summary>
    public ManifestHeader? Manifest { get; init; }

    public bool MetadataCsv { get; init; }

    public long TotalBytes { get; } = Entries.Sum(entry => entry.Bytes);
}

/// <summary>The progress of a build or a verification.</summary>
/// <param name="DoneFiles">Completed files.</param>
/// <param name="DoneBytes">Processed source bytes, including those of the current file.</param>
internal readonly record struct ArchiveProgress(int DoneFiles, long DoneBytes);

/// <summary>Files that could not be packed as the contract promises. Nothing is published.</summary>
internal sealed class ContractBrokenException(IReadOnlyList<SourceIssue> issues) : Exception(string.Join("; ", issues.Select(Describe)))
{
    public ContractBrokenException(SourceIssue issue)
        : this([issue])
    {
    }

    public IReadOnlyList<SourceIssue> Issues { get; } = issues;

    private static string Describe(SourceIssue issue) => $"{issue.Path}: {issue.Code}{(issue.Detail is null ? "" : $" ({issue.Detail})")}";
}

/// <summary>Why a source could not be packed.</summary>
/// <param name="Path">Relative to the outputs folder.</param>
/// <param name="Code">One of the constants.</param>
/// <param name="Detail">The system's message, or null.</param>
internal sealed record SourceIssue(string Path, string Code, string? Detail = null)
{
    public const string Vanished = "vanished";

    /// <summary>It is another file, or has another length or time.</summary>
    public const string Changed = "changed";

    public const string Unreadable = "unreadable";

    /// <summary>The path leads through a link.</summary>
    public const string Link = "link";

    /// <summary>The archive does not hold what was read.</summary>
    public const string Mismatch = "mismatch";
}

/// <summary>How entries are compressed.</summary>
public enum CompressionChoice
{
    /// <summary>Each file by a sample of it: stored unless deflate pays.</summary>
    Auto,
    Store,
    Deflate,
}
