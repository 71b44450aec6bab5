namespace HeyGemExport.Exports.Archives;

/// <summary>What a proved archive is.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256, lower-case hex.</param>
public sealed record ProvedArchive(long Bytes, string Sha256);

/// <summary>Reopens a finished archive and compares every entry's name, length and content with what was built.</summary>
public sealed class ArchiveProver
{
    /// <summary>Reads the whole archive once.</summary>
    /// <exception cref="ContractBrokenException">The archive does not hold exactly what the contract says.</exception>
    public Task<ProvedArchive> ProveAsync(
        ArchiveContract contract, IReadOnlyList<BuiltEntry> built, Stream archive, IProgress<ArchiveProgress>? progress, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
