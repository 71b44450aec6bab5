using HeyGemExport.Data;
using HeyGemExport.FileSystem;
using Microsoft.Win32.SafeHandles;

namespace HeyGemExport.Library.Fingerprints;

/// <summary>The SHA-256 of videos as they are now, in lower-case hex. The database being unavailable only makes it slower.</summary>
internal sealed class VideoDigests(FingerprintStore store) : IDisposable
{
    private readonly SemaphoreSlim fewAtATime = new(2, 2);

    /// <summary>From the fingerprint; null when there is none of this version.</summary>
    public async Task<string?> FindAsync(string path, SafeFileHandle file, CancellationToken cancellationToken)
    {
        try
        {
            var now = OutputsRoot.StatusOf(file);
            return (await store.FindAsync([path], cancellationToken)).GetValueOrDefault(path) is { } known
                && (known.Bytes, known.ModifiedAt) == (now.Bytes, now.ModifiedAt)
                && string.Equals(known.Identity, OutputsRoot.Identify(file)?.Content, StringComparison.Ordinal)
                ? known.Sha256
                : null;
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            return null;
        }
    }

    /// <summary>Reads the file through where there is no fingerprint, and keeps one.</summary>
    /// <exception cref="IOException">The file cannot be read, or changed meanwhile.</exception>
    public async Task<string> ComputeAsync(string path, SafeFileHandle file, CancellationToken cancellationToken)
    {
        await fewAtATime.WaitAsync(cancellationToken);
        try
        {
            if (await FindAsync(path, file, cancellationToken) is { } known)
            {
                return known;
            }

            var (before, identity) = (OutputsRoot.StatusOf(file), OutputsRoot.Identify(file));
            var sums = await FileSums.ComputeAsync(file, inBackground: false, cancellationToken);
            if (sums.Bytes != before.Bytes || OutputsRoot.StatusOf(file).ModifiedAt != before.ModifiedAt
                || OutputsRoot.Identify(file) != identity)
            {
                throw new IOException("The file changed while it was read.");
            }

            if (identity is not null)
            {
                await KeepAsync(new(path, before.Bytes, before.ModifiedAt, identity.Content, sums.Sha256, sums.Crc32), cancellationToken);
            }

            return sums.Sha256;
        }
        finally
        {
            fewAtATime.Release();
        }
    }

    public void Dispose() => fewAtATime.Dispose();

    private async Task KeepAsync(Fingerprint fingerprint, CancellationToken cancellationToken)
    {
        try
        {
            await store.KeepAsync([fingerprint], cancellationToken);
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            // It is computed again when somebody asks again.
        }
    }
}
