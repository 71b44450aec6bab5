using HeyGemExport.Exports.Metadata;

namespace HeyGemExport.Exports.Archives;

/// <summary>One file that an export promises.</summary>
/// <param name="Path">Source, relative to the outputs folder with <c>/</c>.</param>
/// <param name="EntryName">Name in the archive: NFC, <c>/</c> separators, unique without case.</param>
/// <param name="Bytes">Length at confirmation.</param>
/// <param name="ModifiedAt">Last write time at confirmation.</param>
/// <param name="Identity">Which file it was at confirmation (<see cref="Library.FileIdentity.File"/>); null where the system does not tell.</param>
/// <param name="Part">Which part of the archive it goes into, from 1.</param>
public sealed record ContractEntry(string Path, string EntryName, long Bytes, DateTimeOffset ModifiedAt, string? Identity = null, int Part = 1)
{
    /// <summary>What <c>metadata.csv</c> says of it, as it was at confirmation; null without that file.</summary>
    public EntryMetadata? Metadata { get; init; }
}

/// <summary>The frozen list of what an archive must hold: no more, no fewer, untouched.</summary>
/// <param name="Entries">The files, in the order in which they are packed.</param>
/// <param name="Compression">How entries are compressed.</param>
/// <param name="Checksums">Whether a <c>SHA256SUMS</c> entry follows them.</param>
public sealed record ArchiveContract(IReadOnlyList<ContractEntry> Entries, CompressionChoice Compression, bool Checksums)
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
public readonly record struct ArchiveProgress(int DoneFiles, long DoneBytes);

/// <summary>Files that could not be packed as the contract promises. Nothing is published.</summary>
/// <param name="faults">Each file and what happened to it.</param>
public sealed class ContractBrokenException(IReadOnlyList<SourceFault> faults)
    : Exception(string.Join("; ", faults.Select(fault => $"{fault.Path}: {fault.Code}{(fault.Detail is null ? "" : $" ({fault.Detail})")}")))
{
    /// <summary>Each file and what happened to it.</summary>
    public IReadOnlyList<SourceFault> Faults { get; } = faults;
}

/// <summary>What happened to one source.</summary>
/// <param name="Path">Relative to the outputs folder.</param>
/// <param name="Code"><c>vanished</c>, <c>changed</c>, <c>unreadable</c>, <c>link</c> or <c>mismatch</c>.</param>
/// <param name="Detail">The system's own words, or null.</param>
public sealed record SourceFault(string Path, string Code, string? Detail = null);
