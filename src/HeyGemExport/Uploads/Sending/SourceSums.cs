using System.Security.Cryptography;

namespace HeyGemExport.Uploads.Sending;

/// <summary>The sums of a source, taken part by part as it is read once from front to back.</summary>
internal sealed class SourceSums : IDisposable
{
    private readonly IncrementalHash whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<byte[]> parts = [];

    /// <returns>Its MD5.</returns>
    public byte[] Add(ReadOnlySpan<byte> part)
    {
        whole.AppendData(part);
        var md5 = Md5(part);
        parts.Add(md5);
        return md5;
    }

    /// <summary>The SHA-256 of all that was added, lower-case hex; nothing may be added afterwards.</summary>
    public string Sha256() => Convert.ToHexStringLower(whole.GetHashAndReset());

    /// <summary>As S3 has it: the MD5 of the object; for one sent in parts, the MD5 of their MD5s and their number.</summary>
    public string ETag(bool isWhole) =>
        isWhole
            ? Convert.ToHexStringLower(parts[0])
            : $"{Convert.ToHexStringLower(Md5([.. parts.SelectMany(part => part)]))}-{parts.Count}";

    /// <summary>S3 asks for it (Content-MD5, ETag). Nothing is trusted on its strength: contents are held to their SHA-256.</summary>
#pragma warning disable CA5351
    public static byte[] Md5(ReadOnlySpan<byte> content) => MD5.HashData(content);
#pragma warning restore CA5351

    public void Dispose() => whole.Dispose();
}
