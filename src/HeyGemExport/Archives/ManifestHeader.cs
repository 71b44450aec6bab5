namespace HeyGemExport.Archives;

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
