using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace HeyGemExport.Archives;

/// <summary>Compares two contents within one run at several times the speed of SHA-256: AES-GMAC of each block under a random key that
/// never leaves the process, and one SHA-256 over the tags.</summary>
/// <remarks>Without the key nobody can construct two contents that agree (NIST SP 800-38D).</remarks>
internal sealed class ContentFingerprint : IDisposable
{
    private const int BlockBytes = 64 * 1024;

    private readonly AesGcm blocks;
    private readonly IncrementalHash tags = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] partial = ArrayPool<byte>.Shared.Rent(BlockBytes);
    private int filled;
    private long number;

    public ContentFingerprint()
        : this(RandomNumberGenerator.GetBytes(16))
    {
    }

    public ContentFingerprint(byte[] key)
    {
        Key = key;
        blocks = new AesGcm(key, AesGcm.TagByteSizes.MaxSize);
    }

    public byte[] Key { get; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (filled > 0)
        {
            var taken = Math.Min(BlockBytes - filled, bytes.Length);
            bytes[..taken].CopyTo(partial.AsSpan(filled));
            filled += taken;
            bytes = bytes[taken..];
            if (filled < BlockBytes)
            {
                return;
            }

            AppendBlock(partial.AsSpan(0, BlockBytes));
            filled = 0;
        }

        for (; bytes.Length >= BlockBytes; bytes = bytes[BlockBytes..])
        {
            AppendBlock(bytes[..BlockBytes]);
        }

        bytes.CopyTo(partial);
        filled = bytes.Length;
    }

    /// <returns>32 bytes.</returns>
    public byte[] Complete()
    {
        AppendBlock(partial.AsSpan(0, filled));
        filled = 0;
        return tags.GetHashAndReset();
    }

    public void Dispose()
    {
        blocks.Dispose();
        tags.Dispose();
        ArrayPool<byte>.Shared.Return(partial);
    }

    private void AppendBlock(ReadOnlySpan<byte> block)
    {
        // Under one key no two blocks may share a nonce, so it is the block's number.
        Span<byte> nonce = stackalloc byte[12];
        Span<byte> tag = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(nonce, number++);
        blocks.Encrypt(nonce, plaintext: [], ciphertext: [], tag, associatedData: block);
        tags.AppendData(tag);
    }
}
