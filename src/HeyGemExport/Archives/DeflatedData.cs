using System.Buffers;
using System.IO.Compression;

namespace HeyGemExport.Archives;

internal sealed class DeflatedData(ArchiveReader reader, long bytes) : Stream
{
    private ReadOnlyMemory<byte> chunk;

    public long Left { get; private set; } = bytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (chunk.IsEmpty)
        {
            chunk = await reader.NextAsync(Left);
        }

        var count = Math.Min(chunk.Length, buffer.Length);
        chunk[..count].CopyTo(buffer);
        chunk = chunk[count..];
        Left -= count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

internal static class CompressionSample
{
    private const int PieceBytes = 64 * 1024;

    private const int Pieces = 8;

    /// <summary>Below this, deflating video that is already compressed would only cost processor time.</summary>
    private const double WorthwhileSaving = 0.10;

    /// <summary>Whether a sample of at most 512 KiB, spread over the file, shrinks by a tenth or more.</summary>
    public static async Task<bool> ShrinksAsync(ISourceReader source, long bytes, CancellationToken cancellationToken)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            // One compressor, with room for what grows by an eighth: each takes a quarter of a megabyte, and there are many videos.
            using var output = new MemoryStream(PieceBytes / 8 * 10);
            await using var deflate = new DeflateStream(output, CompressionLevel.Fastest);
            long taken = 0, deflated = 0, previousEnd = 0;
            for (var i = 0; i < Pieces; i++)
            {
                var at = Math.Max(previousEnd, (bytes - PieceBytes) * i / (Pieces - 1));
                var count = await source.ReadAtAsync(piece.AsMemory(0, PieceBytes), at, cancellationToken);
                if (count == 0)
                {
                    break;
                }

                previousEnd = at + count;
                taken += count;
                await deflate.WriteAsync(piece.AsMemory(0, count), cancellationToken);
                await deflate.FlushAsync(cancellationToken);
                deflated += output.Length;
                output.SetLength(0);
            }

            return deflated <= taken * (1 - WorthwhileSaving) && taken > 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
