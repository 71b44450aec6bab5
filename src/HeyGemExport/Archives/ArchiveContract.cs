namespace HeyGemExport.Archives;

/// <summary>One file that an export promises, as it was at confirmation.</summary>
/// <param name="Path">Source, relative to the outputs folder with <c>/</c>.</param>
/// <param name="EntryName">Name in the archive: NFC, <c>/</c> separators, unique without case.</param>
/// <param name="Identity">Which file it was at confirmation (inode); null where the system does not report it.</param>
internal sealed record ContractEntry(
    string Path, string EntryName, long Bytes, DateTimeOffset ModifiedAt, string? Identity = null, int Part = 1)
{
    public EntryMetadata? Metadata { get; init; }

    /// <summary>Which version of the file was promised, as <see cref="KnownContent.Version"/> has it; null where the system did not
    /// tell.</summary>
    public string? Version { get; init; }

    /// <summary>What a file of this path, length and time held before. The same version need not be hashed again; another one, such as
    /// after a change that put the time back, must hold the same.</summary>
    public KnownContent? Known { get; init; }
}

/// <param name="Version">Changes with every change of the file, also one that puts its length and time back.</param>
internal sealed record KnownContent(string Version, byte[] Sha256, uint Crc32);

/// <summary>The frozen list of what an archive must hold: every file, nothing extra, nothing changed.</summary>
internal sealed record ArchiveContract(IReadOnlyList<ContractEntry> Entries, CompressionChoice Compression, bool Checksums)
{
    /// <summary>Null for no <c>manifest.json</c>.</summary>
    public ManifestHeader? Manifest { get; init; }

    public bool MetadataCsv { get; init; }

    public long TotalBytes { get; } = Entries.Sum(entry => entry.Bytes);
}

/// <param name="DoneBytes">Processed source bytes, including those of the current file.</param>
internal readonly record struct ArchiveProgress(int DoneFiles, long DoneBytes);

/// <summary>Nothing is published.</summary>
internal sealed class ContractBrokenException(IReadOnlyList<SourceIssue> issues) : Exception(string.Join("; ", issues.Select(Describe)))
{
    public ContractBrokenException(SourceIssue issue)
        : this([issue])
    {
    }

    public IReadOnlyList<SourceIssue> Issues { get; } = issues;

    private static string Describe(SourceIssue issue) => $"{issue.Path}: {issue.Code}{(issue.Detail is null ? "" : $" ({issue.Detail})")}";
}

internal sealed record SourceIssue(string Path, string Code, string? Detail = null)
{
    public const string Vanished = "vanished";

    /// <summary>It is another file, or has another length or time.</summary>
    public const string Changed = "changed";

    /// <summary>It holds something else than when it was finished, although its length and time are the same.</summary>
    public const string Corrupted = "corrupted";

    public const string Unreadable = "unreadable";

    public const string Link = "link";

    public const string Mismatch = "mismatch";
}

public enum CompressionChoice
{
    /// <summary>Each file by a sample of it: stored unless deflate pays.</summary>
    Auto,
    Store,
    Deflate,
}

internal interface ISourceReader : IAsyncDisposable
{
    /// <summary>Which version of which file this is, as <see cref="KnownContent.Version"/> has it; null where the system does not
    /// tell.</summary>
    string? Version => null;

    /// <summary>Reads at an offset; fewer bytes than requested only at the end of the promised length.</summary>
    /// <exception cref="ContractBrokenException">The source is shorter than promised, or cannot be read.</exception>
    ValueTask<int> ReadAtAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken);

    /// <exception cref="ContractBrokenException">The source is no longer what was promised.</exception>
    void EnsureUnchanged();
}

internal interface IArchiveSources
{
    /// <exception cref="ContractBrokenException">It is not what the contract says, or cannot be read.</exception>
    ValueTask<ISourceReader> OpenAsync(ContractEntry entry);

    /// <summary>Judged without reading the content; null for nothing wrong.</summary>
    SourceIssue? Inspect(ContractEntry entry);
}

/// <summary>Null where unknown. Tags are separated by <c>;</c>, size is in pixels, rates are per second.</summary>
internal sealed record EntryMetadata(
    string Tags,
    string? Container,
    string? VideoCodec,
    string? AudioCodec,
    int? Width,
    int? Height,
    double? FrameRate,
    double? DurationSeconds,
    long? BitRate);

/// <summary>What <c>manifest.json</c> contains of the whole set; the files left out are those that failed.</summary>
internal sealed record ManifestHeader(
    string ArchiveName,
    DateTimeOffset CreatedAt,
    int Part,
    IReadOnlyList<ManifestPart> Parts,
    IReadOnlyList<ContractEntry> Set,
    IReadOnlyList<SourceIssue> LeftOut);

/// <summary>One part of a set, numbered from 1, with the bytes of its sources.</summary>
internal sealed record ManifestPart(int Number, string Name, int FileCount, long Bytes);
