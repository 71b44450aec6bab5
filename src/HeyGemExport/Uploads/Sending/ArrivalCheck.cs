using System.Security.Cryptography;
using HeyGemExport.Exports;

namespace HeyGemExport.Uploads.Sending;

internal sealed class ArrivalCheck(ObjectStore store, ArrivalProof proof, StorePatience patience, Action<ObjectStoreException>? again)
{
    /// <summary>Compares length and checksum; reads the object back where the store's checksum says nothing.</summary>
    /// <exception cref="ObjectStoreException">It is not there, or not what was sent.</exception>
    public async Task EnsureAsync(ObjectOrder order, string etag, CancellationToken cancellationToken)
    {
        var source = order.Source;
        var there = await patience.AskAsync(() => store.HeadAsync(order.Key, cancellationToken), again, cancellationToken);
        if (there?.Bytes != source.Bytes)
        {
            throw Mismatch(order.Key);
        }

        // A store that encrypts, or compresses, has checksums of its own.
        if (proof == ArrivalProof.Etag && string.Equals(there.ETag, etag, StringComparison.Ordinal))
        {
            return;
        }

        var sha256 = await patience.AskAsync(
            () => store.ReadAsync(
                order.Key,
                source.Bytes,
                async (stream, token) => Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, token)),
                cancellationToken),
            again,
            cancellationToken);
        if (!string.Equals(sha256, source.Sha256, StringComparison.Ordinal))
        {
            throw Mismatch(order.Key);
        }
    }

    private static ObjectStoreException Mismatch(string key) => new(new ExportError("arrival-mismatch", [key]), isTransient: false);
}
