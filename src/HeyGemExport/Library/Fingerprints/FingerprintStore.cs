using HeyGemExport.Data;

namespace HeyGemExport.Library.Fingerprints;

/// <summary>Fingerprints by path: the last version of a file replaces the one before.</summary>
internal sealed class FingerprintStore(Database database, TimeProvider time)
{
    /// <summary>How long one is kept: a video that is packed later is read again.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromDays(90);

    /// <summary>SQLite and PostgreSQL take 32,766 and 65,535 parameters.</summary>
    private const int PathsAtOnce = 1000;

    /// <summary>Others write in between.</summary>
    private const int KeptAtOnce = 5000;

    public async Task KeepAsync(IEnumerable<Fingerprint> fingerprints, CancellationToken cancellationToken)
    {
        foreach (var some in fingerprints.Chunk(KeptAtOnce))
        {
            await database.InTransactionAsync(
                session => session.ExecuteAsync(
                    """
                    INSERT INTO fingerprints (path, bytes, modified_at, identity, sha256, crc32, kept_at)
                    VALUES (@Path, @Bytes, @ModifiedAt, @Identity, @Sha256, @Crc32, @KeptAt)
                    ON CONFLICT (path) DO UPDATE SET bytes = @Bytes, modified_at = @ModifiedAt, identity = @Identity, sha256 = @Sha256,
                        crc32 = @Crc32, kept_at = @KeptAt
                    """,
                    some.Select(fingerprint => new
                    {
                        fingerprint.Path,
                        fingerprint.Bytes,
                        ModifiedAt = fingerprint.ModifiedAt.UtcTicks,
                        fingerprint.Identity,
                        fingerprint.Sha256,
                        Crc32 = (long)fingerprint.Crc32,
                        KeptAt = time.GetUtcNow(),
                    })),
                cancellationToken);
        }
    }

    /// <summary>What is known under these paths, of whichever version.</summary>
    public async Task<IReadOnlyDictionary<string, Fingerprint>> FindAsync(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        Dictionary<string, Fingerprint> found = new(StringComparer.Ordinal);
        // Npgsql takes the array as one parameter; for SQLite Dapper makes a list of it.
        var isOneOf = database.IsOneOf("@chunk");
        foreach (var chunk in paths.Chunk(PathsAtOnce))
        {
            var rows = await database.QueryAsync<(string Path, long Bytes, long ModifiedAt, string Identity, string Sha256, long Crc32)>(
                $"SELECT path, bytes, modified_at, identity, sha256, crc32 FROM fingerprints WHERE path {isOneOf}",
                new { chunk },
                cancellationToken);
            foreach (var row in rows)
            {
                var modifiedAt = new DateTimeOffset(row.ModifiedAt, TimeSpan.Zero);
                found[row.Path] = new Fingerprint(row.Path, row.Bytes, modifiedAt, row.Identity, row.Sha256, (uint)row.Crc32);
            }
        }

        return found;
    }

    public async Task<long> CountAsync(CancellationToken cancellationToken) =>
        await database.FirstAsync<long>("SELECT COUNT(*) FROM fingerprints", parameters: null, cancellationToken);

    public Task<int> ForgetOldAsync(CancellationToken cancellationToken) => database.ExecuteAsync(
        "DELETE FROM fingerprints WHERE kept_at < @before", new { before = time.GetUtcNow() - Age }, cancellationToken);
}

/// <summary>What one version of a finished video holds.</summary>
/// <param name="Identity">The version: inode and change time of the file.</param>
/// <param name="Sha256">Lower-case hex.</param>
internal sealed record Fingerprint(string Path, long Bytes, DateTimeOffset ModifiedAt, string Identity, string Sha256, uint Crc32);
