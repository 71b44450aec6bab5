using System.Buffers;
using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;

namespace HeyGemExport.Archives;

/// <summary>The SHA-256 of an archive, computed while it is built: reads what is final from the file, behind the builder.</summary>
internal sealed class ArchiveDigest : IAsyncDisposable
{
    private const int ChunkBytes = 1024 * 1024;

    private readonly Channel<long> ends = Channel.CreateUnbounded<long>(new() { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource stop = new();
    private readonly Task<byte[]> following;

    public ArchiveDigest(SafeFileHandle file) => following = Task.Run(() => FollowAsync(file, stop.Token), CancellationToken.None);

    public void Settle(long offset) => ends.Writer.TryWrite(offset);

    /// <summary>The hash, once everything final has been read; nothing may be settled afterwards.</summary>
    /// <returns>Lower-case hex.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<string> CompleteAsync(CancellationToken cancellationToken)
    {
        ends.Writer.TryComplete();
        return Convert.ToHexStringLower(await following.WaitAsync(cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        // The file may be closed only when it is no longer read.
        await stop.CancelAsync();
        await ((Task)following).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task<byte[]> FollowAsync(SafeFileHandle file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            long position = 0;
            await foreach (var end in ends.Reader.ReadAllAsync(cancellationToken))
            {
                while (position < end)
                {
                    var wanted = (int)Math.Min(ChunkBytes, end - position);
                    var count = await RandomAccess.ReadAsync(file, buffer.AsMemory(0, wanted), position, cancellationToken);
                    hash.AppendData(buffer, 0, count > 0 ? count : throw new EndOfStreamException());
                    position += count;
                }
            }

            return hash.GetHashAndReset();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
