using HeyGemExport.Library;

namespace HeyGemExport.Exports.Archives;

/// <summary>One entry as it was written: its contract, and the SHA-256 of the source's bytes as they were read.</summary>
/// <param name="Entry">What was promised.</param>
/// <param name="Sha256">32 bytes.</param>
public sealed record BuiltEntry(ContractEntry Entry, byte[] Sha256);

/// <summary>Writes an archive from a contract, streaming, in constant memory.</summary>
public sealed class ArchiveBuilder(OutputsRoot outputs)
{
    /// <summary>Writes the archive to a seekable stream, from its present position to its end.</summary>
    /// <returns>Every entry with the hash of what was read.</returns>
    /// <exception cref="ContractBrokenException">A source is not what the contract says.</exception>
    public Task<IReadOnlyList<BuiltEntry>> BuildAsync(
        ArchiveContract contract, Stream destination, IProgress<ArchiveProgress>? progress, CancellationToken cancellationToken) =>
        throw new NotImplementedException(outputs.FullPath);
}
