using System.Buffers;
using System.IO.Compression;

namespace HeyGemExport.Archives;

/// <summary>Tells from a sample of a file whether deflating it pays.</summary>
internal static class CompressionSample
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Enough that a header, an index or a still picture in the middle does not decide for all of the file.</summary>
    private const int Chunks = 8;

    /// <summary>Below this, video that is already compressed would cost processor time for nothing.</summary>
    private const double WorthwhileSaving = 0.10;

    /// <summary>Whether a sample of at most 512 KiB, spread over the file, shrinks by a tenth or more.</summary>
    public static async Task<bool> ShrinksAsync(ISourceReader source, long bytes, CancellationToken cancellationToken)
    {
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            long taken = 0, deflated = 0, previousEnd = 0;
            for (var i = 0; i < Chunks; i++)
            {
                var at = Math.Max(previousEnd, (bytes - ChunkBytes) * i / (Chunks - 1));
                var count = await source.ReadAtAsync(chunk.AsMemory(0, ChunkBytes), at, cancellationToken);
                previousEnd = at + count;
                taken += count;
                deflated += DeflatedBytes(chunk.AsSpan(0, count));
            }

            return deflated <= taken * (1 - WorthwhileSaving) && taken > 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private static long DeflatedBytes(ReadOnlySpan<byte> bytes)
    {
        using var counter = new CountingStream();
        using (var deflate = new DeflateStream(counter, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(bytes);
        }

        return counter.Length;
    }

    private sealed class CountingStream : Stream
    {
        private long written;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => written;

        public override long Position
        {
            get => written;
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer) => written += buffer.Length;

        public override void Write(byte[] buffer, int offset, int count) => written += count;

        public override void Flush()
        {
            // Nothing is kept.
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
