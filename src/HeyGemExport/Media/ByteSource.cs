namespace HeyGemExport.Media;

/// <summary>A seekable stream as bytes at offsets, and the bound on the work that a hostile file can cause. It reads
/// synchronously, because it hops from header to header: to be used in the background.</summary>
internal sealed class ByteSource(Stream stream, CancellationToken cancellationToken)
{
    /// <summary>Parts (boxes, chunks, elements) that are looked at in one file. Two hours with a fragment for each picture and
    /// each piece of sound have 1.1 million, and three hours of live Matroska about as many.</summary>
    public const int MaxParts = 4_000_000;

    // No part has less than two bytes; one that is read again and again is none.
    private readonly long limit = Math.Min(MaxParts, 64 + stream.Length);
    private int parts;

    /// <summary>Length of the stream when it was opened.</summary>
    public long Length { get; } = stream.Length;

    /// <summary>Whether there were more parts than are looked at.</summary>
    public bool IsExhausted => parts > limit;

    /// <summary>Counts one part; false when there were too many.</summary>
    public bool TryCount() => ++parts <= limit;

    /// <summary>Fills the target from an offset, and says how much of it; less only at the end of the stream.</summary>
    /// <exception cref="EndOfStreamException">The stream was longer when it was opened.</exception>
    public int Read(long offset, Span<byte> target)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var available = (int)Math.Clamp(Length - offset, 0, target.Length);
        if (available > 0)
        {
            stream.Position = offset;
            stream.ReadExactly(target[..available]);
        }

        return available;
    }

    /// <summary>A copy of the bytes at an offset; fewer at the end of the stream, none for a negative count, as of a part that ends
    /// before its header does.</summary>
    public byte[] Copy(long offset, long count)
    {
        var bytes = new byte[Math.Max(0, Math.Min(Length - offset, count))];
        Read(offset, bytes);
        return bytes;
    }
}

/// <summary>Reads a few bytes here and there through one small buffer, which grows where they stand close together.</summary>
internal sealed class ByteWindow(ByteSource source)
{
    /// <summary>The most bytes that can be asked for at once.</summary>
    public const int Capacity = 16 * 1024;

    private const int SmallestFill = 512;

    private byte[] buffer = [];
    private int fill = SmallestFill;
    private long start;
    private int filled;

    /// <summary>The file's length.</summary>
    public long Length => source.Length;

    /// <summary>The bytes at an offset; fewer at the end of the file. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Get(long offset, int count)
    {
        if (offset < start || offset + count > start + filled)
        {
            Fill(offset, count);
        }

        var skip = (int)(offset - start);
        return skip >= filled ? [] : buffer.AsSpan(skip, Math.Min(count, filled - skip));
    }

    private void Fill(long offset, int count)
    {
        var follows = filled > 0 && offset >= start && offset - (start + filled) < fill;
        fill = follows ? Math.Min(Capacity, fill * 2) : SmallestFill;
        var size = Math.Max(fill, count);
        if (buffer.Length < size)
        {
            buffer = new byte[size];
        }

        filled = 0;
        filled = source.Read(offset, buffer.AsSpan(0, size));
        start = offset;
    }
}
