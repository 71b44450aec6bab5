using System.Buffers;
using System.IO.Compression;

namespace HeyGemExport.Archives;

internal static class CompressionSample
{
    private const int PieceBytes = 64 * 1024;

    private const int Pieces = 8;

    /// <summary>Below this, deflating video that is already compressed would only cost processor time.</summary>
    private const double WorthwhileSaving = 0.10;

    /// <summary>Whether a sample of at most 512 KiB, spread over the file, shrinks by a tenth or more.</summary>
    /// <remarks>What does not shrink by Brotli does not by deflating either. With H.264 it knows that in a tenth of the processor time, and
    /// without the 350 KB of a <see cref="DeflateStream"/>, which the C library then keeps for each thread.</remarks>
    public static async Task<bool> ShrinksAsync(ISourceReader source, long bytes, CancellationToken cancellationToken)
    {
        if (!await ShrinksAsync(source, bytes, BrotliBytes, cancellationToken))
        {
            return false;
        }

        using var output = new MemoryStream();
        await using var deflate = new DeflateStream(output, CompressionLevel.Fastest);
        return await ShrinksAsync(source, bytes, DeflatedBytes, cancellationToken);

        int DeflatedBytes(ReadOnlySpan<byte> piece)
        {
            output.SetLength(0);
            deflate.Write(piece);
            deflate.Flush();
            return (int)output.Length;
        }
    }

    private static async Task<bool> ShrinksAsync(
        ISourceReader source, long bytes, Func<ReadOnlySpan<byte>, int> compress, CancellationToken cancellationToken)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            long taken = 0, compressed = 0, previousEnd = 0;
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
                compressed += compress(piece.AsSpan(0, count));
            }

            return compressed <= taken * (1 - WorthwhileSaving) && taken > 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private static int BrotliBytes(ReadOnlySpan<byte> piece)
    {
        var output = ArrayPool<byte>.Shared.Rent(piece.Length);
        var fits = BrotliEncoder.TryCompress(piece, output.AsSpan(0, piece.Length), out var written, quality: 0, window: 16);
        ArrayPool<byte>.Shared.Return(output);
        return fits ? written : piece.Length;
    }
}
