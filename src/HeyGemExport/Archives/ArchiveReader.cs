namespace HeyGemExport.Archives;

/// <summary>Reads a stream once from front to back: while one chunk is consumed, the next is read.</summary>
internal sealed class ArchiveReader(Stream archive, CancellationToken cancellationToken) : IAsyncDisposable
{
    private byte[] current = Chunks.Rent();
    private byte[] ahead = Chunks.Rent();
    private Task<int>? reading;
    private int count;
    private int used;

    public long Position { get; private set; }

    /// <summary>The next bytes, at most as many as wanted; empty at the end. Valid until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> NextAsync(long wanted)
    {
        if (used == count && wanted > 0)
        {
            await TurnAsync();
        }

        var taken = (int)Math.Min(wanted, count - used);
        var bytes = current.AsMemory(used, taken);
        used += taken;
        Position += taken;
        return bytes;
    }

    /// <exception cref="EndOfStreamException">There are fewer.</exception>
    public async ValueTask<byte[]> ReadExactlyAsync(int wanted)
    {
        var bytes = new byte[wanted];
        for (var filled = 0; filled < wanted;)
        {
            var next = await NextAsync(wanted - filled);
            if (next.IsEmpty)
            {
                throw new EndOfStreamException();
            }

            next.CopyTo(bytes.AsMemory(filled));
            filled += next.Length;
        }

        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        // A buffer that is still being filled must not return to the pool, and none must return twice: two readers would share it.
        await ((Task?)reading ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (current.Length > 0)
        {
            Chunks.Return(current);
            Chunks.Return(ahead);
            (current, ahead) = ([], []);
        }
    }

    private async Task TurnAsync()
    {
        cancellationToken.ThrowIfCancellationRequested();
        reading ??= FillAsync(ahead);
        var filled = await reading;
        (current, ahead) = (ahead, current);
        (count, used) = (filled, 0);

        // At the end nothing is read ahead, so that the stream is free for its next user.
        reading = filled < Chunks.Bytes ? Task.FromResult(0) : FillAsync(ahead);
    }

    private async Task<int> FillAsync(byte[] buffer) =>
        await archive.ReadAtLeastAsync(buffer, Chunks.Bytes, throwOnEndOfStream: false, cancellationToken);
}
