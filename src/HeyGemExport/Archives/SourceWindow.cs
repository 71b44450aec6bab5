using System.Buffers;
using System.IO.Hashing;

namespace HeyGemExport.Archives;

/// <summary>Reads a source at offsets. What is read from front to back in large pieces is read ahead while the piece before is sent, and
/// its CRC-32 is taken.</summary>
internal sealed class SourceWindow(ISourceReader source) : IAsyncDisposable
{
    /// <summary>Whoever asks for less has many readers, and they should hold little.</summary>
    private const int LargeRead = 128 * 1024;

    private readonly Crc32 crc = new();
    private long crcOffset;
    private byte[] buffer = [];
    private Task<int>? ahead;
    private long aheadOffset;

    /// <summary>Of everything up to an offset; null when it was not read from front to back.</summary>
    public uint? Crc32UpTo(long offset) => crcOffset == offset ? crc.GetCurrentHashAsUInt32() : null;

    public string? Version => source.Version;

    /// <exception cref="ContractBrokenException">The source is shorter than promised, or cannot be read.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> target, long offset, CancellationToken cancellationToken)
    {
        var count = await TakeAheadAsync(target, offset);
        if (count < target.Length)
        {
            count += await ReadAndSumAsync(target[count..], offset + count, cancellationToken);
        }

        if (target.Length >= LargeRead && crcOffset == offset + count)
        {
            ReadAhead(target.Length, offset + count, cancellationToken);
        }

        return count;
    }

    public async ValueTask DisposeAsync()
    {
        await DropAheadAsync();
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        await source.DisposeAsync();
    }

    private async ValueTask<int> TakeAheadAsync(Memory<byte> target, long offset)
    {
        if (ahead is null)
        {
            return 0;
        }

        if (aheadOffset != offset)
        {
            await DropAheadAsync();
            return 0;
        }

        var filled = await ahead;
        ahead = null;
        var taken = Math.Min(filled, target.Length);
        buffer.AsMemory(0, taken).CopyTo(target);
        return taken;
    }

    private void ReadAhead(int count, long offset, CancellationToken cancellationToken)
    {
        if (buffer.Length < count)
        {
            buffer = ArrayPool<byte>.Shared.Rent(count);
        }

        aheadOffset = offset;
        ahead = ReadAndSumAsync(buffer.AsMemory(0, count), offset, cancellationToken).AsTask();
    }

    private async ValueTask<int> ReadAndSumAsync(Memory<byte> target, long offset, CancellationToken cancellationToken)
    {
        var count = await source.ReadAtAsync(target, offset, cancellationToken);
        if (offset == crcOffset)
        {
            crc.Append(target.Span[..count]);
            crcOffset += count;
        }

        return count;
    }

    // A buffer that is still being filled must not return to the pool.
    private async Task DropAheadAsync()
    {
        await ((Task?)ahead ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ahead = null;
    }
}
