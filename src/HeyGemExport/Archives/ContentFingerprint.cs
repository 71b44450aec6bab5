using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace HeyGemExport.Archives;

/// <summary>
/// Tells within one run whether two contents are the same, at several times the speed of SHA-256: AES-GMAC of each block under a
/// key that is drawn for the content and never leaves the process, and one SHA-256 over these.
/// </summary>
/// <remarks>Who does not know the key cannot make two contents that agree (NIST SP 800-38D). It is no name for the content:
/// the same bytes give another value under another key.</remarks>
internal sealed class ContentFingerprint : IDisposable
{
    private const int BlockBytes = 64 * 1024;

    private readonly AesGcm blocks;
    private readonly IncrementalHash tags = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] partial = ArrayPool<byte>.Shared.Rent(BlockBytes);
    private int filled;
    private long number;

    /// <summary>Begins the fingerprint of a content.</summary>
    public ContentFingerprint()
        : this(RandomNumberGenerator.GetBytes(16))
    {
    }

    /// <summary>Begins the fingerprint of a content that is to be compared with another.</summary>
    public ContentFingerprint(byte[] key)
    {
        Key = key;
        blocks = new AesGcm(key, AesGcm.TagByteSizes.MaxSize);
    }

    /// <summary>The key under which the other content has to be read.</summary>
    public byte[] Key { get; }

    /// <summary>Takes the next bytes.</summary>
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

    /// <summary>The value of all that was taken.</summary>
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
        // Under one key no two blocks may share a nonce: theirs is their number.
        Span<byte> nonce = stackalloc byte[12];
        Span<byte> tag = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(nonce, number++);
        blocks.Encrypt(nonce, plaintext: [], ciphertext: [], tag, associatedData: block);
        tags.AppendData(tag);
    }
}
