namespace HeyGemExport.Archives;

/// <summary>One file that an export promises.</summary>
/// <param name="Path">Source, relative to the outputs folder with <c>/</c>.</param>
/// <param name="EntryName">Name in the archive: NFC, <c>/</c> separators, unique without case.</param>
/// <param name="Bytes">Length at confirmation.</param>
/// <param name="ModifiedAt">Last write time at confirmation.</param>
/// <param name="Identity">Which file it was at confirmation (device and inode); null where the system does not tell.</param>
/// <param name="Part">Which part of the archive it goes into, from 1.</param>
internal sealed record ContractEntry(string Path, string EntryName, long Bytes, DateTimeOffset ModifiedAt, string? Identity = null, int Part = 1)
{
    /// <summary>What <c>metadata.csv</c> says of it, as it was at confirmation; null without that file.</summary>
    public EntryMetadata? Metadata { get; init; }
}

/// <summary>The frozen list of what an archive must hold: no more, no fewer, untouched.</summary>
/// <param name="Entries">The files, in the order in which they are packed.</param>
/// <param name="Compression">How entries are compressed.</param>
/// <param name="Checksums">Whether a <c>SHA256SUMS</c> entry follows them.</param>
internal sealed record ArchiveContract(IReadOnlyList<ContractEntry> Entries, CompressionChoice Compression, bool Checksums)
{
    /// <summary>What <c>manifest.json</c> says beside the files of this archive; null for no manifest.</summary>
    public ManifestHeader? Manifest { get; init; }

    /// <summary>Whether a <c>metadata.csv</c> follows the files.</summary>
    public bool MetadataCsv { get; init; }

    /// <summary>Bytes of all sources.</summary>
    public long TotalBytes { get; } = Entries.Sum(entry => entry.Bytes);
}

/// <summary>How far a build or a proof has come.</summary>
/// <param name="DoneFiles">Files finished.</param>
/// <param name="DoneBytes">Source bytes finished, those of the file in work included.</param>
internal readonly record struct ArchiveProgress(int DoneFiles, long DoneBytes);

/// <summary>Files that could not be packed as the contract promises. Nothing is published.</summary>
/// <param name="issues">Each file and what happened to it.</param>
internal sealed class ContractBrokenException(IReadOnlyList<SourceIssue> issues)
    : Exception(string.Join("; ", issues.Select(issue => $"{issue.Path}: {issue.Code}{(issue.Detail is null ? "" : $" ({issue.Detail})")}")))
{
    /// <summary>One file.</summary>
    public ContractBrokenException(SourceIssue issue)
        : this([issue])
    {
    }

    /// <summary>Each file and what happened to it.</summary>
    public IReadOnlyList<SourceIssue> Issues { get; } = issues;
}

/// <summary>What happened to one source.</summary>
/// <param name="Path">Relative to the outputs folder.</param>
/// <param name="Code">One of the constants.</param>
/// <param name="Detail">The system's own words, or null.</param>
internal sealed record SourceIssue(string Path, string Code, string? Detail = null)
{
    /// <summary>There is no such file any more.</summary>
    public const string Vanished = "vanished";

    /// <summary>It is another file, or has another length or time.</summary>
    public const string Changed = "changed";

    /// <summary>It cannot be read.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>The path leads through a link.</summary>
    public const string Link = "link";

    /// <summary>The archive does not hold what was read.</summary>
    public const string Mismatch = "mismatch";
}

/// <summary>How entries are compressed.</summary>
public enum CompressionChoice
{
    /// <summary>Each file by a sample of it: stored where deflate does not pay.</summary>
    Auto,

    /// <summary>Stored, all of them.</summary>
    Store,

    /// <summary>Deflated, all of them.</summary>
    Deflate,
}
