namespace HeyGemExport.Tests.Media;

/// <summary>A file of any length that takes no room: a beginning, then the same bytes again and again. Counts what is read.</summary>
internal sealed class PatternStream(byte[] head, byte[] pattern, long length) : Stream
{
    public long BytesRead { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, length - Position);
        for (var index = 0; index < count;)
        {
            var at = Position - head.Length;
            var part = at < 0 ? head.AsSpan((int)Position) : pattern.AsSpan((int)(at % pattern.Length));
            part = part[..Math.Min(part.Length, count - index)];
            part.CopyTo(buffer[index..]);
            index += part.Length;
            Position += part.Length;
        }

        BytesRead += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
