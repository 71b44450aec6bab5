namespace HeyGemExport.Archives;

/// <summary>What <c>manifest.json</c> contains besides the files of its own archive: all parts of the set, this one included, all files of
/// the set, and the files left out because they failed, as the requester chose.</summary>
internal sealed record ManifestHeader(
    string ArchiveName,
    DateTimeOffset CreatedAt,
    int Part,
    IReadOnlyList<ManifestPart> Parts,
    IReadOnlyList<ContractEntry> Set,
    IReadOnlyList<SourceIssue> LeftOut);

/// <summary>One part of a set, numbered from 1, with the bytes of its sources.</summary>
internal sealed record ManifestPart(int Number, string Name, int FileCount, long Bytes);
