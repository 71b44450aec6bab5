using HeyGemExport.Archives;
using HeyGemExport.Library.Fingerprints;

namespace HeyGemExport.Exports;

/// <summary>Fingerprints of the library as known contents of a contract, and back.</summary>
internal sealed class KnownContents(FingerprintStore fingerprints)
{
    /// <summary>The entries with what is known of the version that was promised.</summary>
    public async Task<IReadOnlyList<ContractEntry>> AddToAsync(IReadOnlyList<ContractEntry> entries, CancellationToken cancellationToken)
    {
        var known = await fingerprints.FindAsync(entries.Select(entry => entry.Path), cancellationToken);
        return
        [
            .. entries.Select(entry => known.TryGetValue(entry.Path, out var fingerprint)
                && fingerprint.Bytes == entry.Bytes && fingerprint.ModifiedAt == entry.ModifiedAt
                ? entry with
                {
                    Known = new KnownContent(fingerprint.Identity, Convert.FromHexString(fingerprint.Sha256), fingerprint.Crc32),
                }
                : entry),
        ];
    }

    /// <summary>False when too little is known for so many files.</summary>
    public async Task<bool> MayKnowAsync(int files, CancellationToken cancellationToken) =>
        await fingerprints.CountAsync(cancellationToken) >= files;

    /// <summary>Keeps what was learned while packing.</summary>
    public Task KeepAsync(IEnumerable<BuiltEntry> built, CancellationToken cancellationToken) => fingerprints.KeepAsync(
        from file in built
        let version = file.Version
        where version is not null && !string.Equals(version, file.Entry.Known?.Version, StringComparison.Ordinal)
        select new Fingerprint(
            file.Entry.Path, file.Entry.Bytes, file.Entry.ModifiedAt, version, Convert.ToHexStringLower(file.Sha256), file.Crc32),
        cancellationToken);
}
