using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace HeyGemExport.Data;

/// <summary>Has the keys read again when another node has added one; data protection does so by itself once a day.</summary>
internal sealed class SharedKeys(XmlKeyManager keys, KeyRepository repository) : IKeyManager, IDisposable
{
    private CancellationTokenSource outdated = new();

    /// <param name="savedCount">How many keys the database has now.</param>
    public void Follow(long savedCount)
    {
        if (repository.IsOutdated(savedCount))
        {
            using var before = Interlocked.Exchange(ref outdated, new CancellationTokenSource());
            before.Cancel();
        }
    }

    public CancellationToken GetCacheExpirationToken() =>
        CancellationTokenSource.CreateLinkedTokenSource(keys.GetCacheExpirationToken(), outdated.Token).Token;

    public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate) =>
        keys.CreateNewKey(activationDate, expirationDate);

    public IReadOnlyCollection<IKey> GetAllKeys() => keys.GetAllKeys();

    public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null) => keys.RevokeAllKeys(revocationDate, reason);

    public void RevokeKey(Guid keyId, string? reason = null) => keys.RevokeKey(keyId, reason);

    public void Dispose() => outdated.Dispose();
}
