namespace HeyGemExport.Archives;

/// <summary>What <c>manifest.json</c> says beside the files of its own archive.</summary>
/// <param name="ArchiveName">The file name of this archive.</param>
/// <param name="CreatedAt">When the export was confirmed.</param>
/// <param name="Part">Which part of the set this archive is, from 1.</param>
/// <param name="Parts">Every part of the set, this one included.</param>
/// <param name="Set">Every file of the set, in whichever part.</param>
/// <param name="LeftOut">Files that were promised and left out because they failed, as the person chose.</param>
internal sealed record ManifestHeader(
    string ArchiveName,
    DateTimeOffset CreatedAt,
    int Part,
    IReadOnlyList<ManifestPart> Parts,
    IReadOnlyList<ContractEntry> Set,
    IReadOnlyList<SourceIssue> LeftOut);

/// <summary>One part of a set.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Name">Its file name.</param>
/// <param name="FileCount">Files in it.</param>
/// <param name="Bytes">Source bytes in it.</param>
internal sealed record ManifestPart(int Number, string Name, int FileCount, long Bytes);
