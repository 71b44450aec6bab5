using Microsoft.Win32.SafeHandles;

namespace HeyGemExport.Library.Containers;

/// <summary>Reads a few bytes here and there in a file, through one small window, and bounds the work that a hostile
/// file can cause.</summary>
/// <param name="file">The open file.</param>
/// <param name="length">Its length in bytes when it was opened.</param>
internal sealed class StructureReader(SafeFileHandle file, long length)
{
    /// <summary>Parts (boxes, chunks, elements) that are looked at in one file. Two hours in fragments of one frame
    /// have fewer.</summary>
    public const int MaxParts = 1_000_000;

    private const int WindowBytes = 4096;

    private readonly byte[] window = new byte[WindowBytes];
    private long windowStart;
    private int windowLength;
    private int parts;

    /// <summary>The file's length in bytes.</summary>
    public long Length => length;

    /// <summary>Counts one part; false when there were too many.</summary>
    public bool TryCount() => ++parts <= MaxParts;

    /// <summary>The bytes at an offset, fewer at the end of the file. Valid until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(long offset, int count, CancellationToken cancellationToken)
    {
        var available = (int)Math.Clamp(length - offset, 0, count);
        if (available > WindowBytes)
        {
            var bytes = new byte[available];
            return bytes.AsMemory(0, await FillAsync(bytes, offset, cancellationToken));
        }

        if (offset < windowStart || offset + available > windowStart + windowLength)
        {
            windowLength = 0;
            windowLength = await FillAsync(window, offset, cancellationToken);
            windowStart = offset;
        }

        var skip = (int)(offset - windowStart);
        return window.AsMemory(skip, Math.Min(available, windowLength - skip));
    }

    private async ValueTask<int> FillAsync(byte[] target, long offset, CancellationToken cancellationToken)
    {
        var filled = 0;
        while (filled < target.Length)
        {
            var read = await RandomAccess.ReadAsync(file, target.AsMemory(filled), offset + filled, cancellationToken);
            if (read == 0)
            {
                break;
            }

            filled += read;
        }

        return filled;
    }
}
