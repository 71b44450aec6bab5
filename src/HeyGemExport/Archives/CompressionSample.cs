using System.Buffers;
using System.IO.Compression;

namespace HeyGemExport.Archives;

internal static class CompressionSample
{
    private const int ChunkBytes = 64 * 1024;

    private const int Chunks = 8;

    /// <summary>Below this, deflating video that is already compressed would only cost processor time.</summary>
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
        using var deflated = new MemoryStream(ChunkBytes);
        using (var deflate = new DeflateStream(deflated, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(bytes);
        }

        return deflated.Length;
    }
}
