using System.Buffers;

namespace HeyGemExport.Archives;

/// <summary>Buffers for files that are read from front to back. They are used again by whoever reads next: arrays of this size are
/// collected late, and the runtime's shared pool keeps some for each thread that has ever returned one.</summary>
internal static class Chunks
{
    /// <summary>Large enough that a system call costs little, small enough for the processor's cache.</summary>
    public const int Bytes = 512 * 1024;

    private static readonly ArrayPool<byte> Pool = ArrayPool<byte>.Create(Bytes, maxArraysPerBucket: 8);

    /// <summary>An array of exactly <see cref="Bytes"/>.</summary>
    public static byte[] Rent() => Pool.Rent(Bytes);

    public static void Return(byte[] chunk) => Pool.Return(chunk);
}
