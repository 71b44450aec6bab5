using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace HeyGemExport.Accounts.Keys;

/// <summary>The bearer token: <c>hgx_</c>, the key's id, <c>_</c>, and a secret of 256 random bits in base64url.</summary>
internal sealed record ApiKeyToken(string Id, string Secret)
{
    /// <summary>Recognizable for scanners for leaked secrets.</summary>
    public const string Prefix = "hgx_";

    private const int IdLength = 12;
    private const int SecretBytes = 32;
    private const int SecretLength = 43;
    private const string IdLetters = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>As stored. A plain hash is enough for a secret that cannot be guessed.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Secret)));

    public static ApiKeyToken Create() =>
        new(RandomNumberGenerator.GetString(IdLetters, IdLength), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes)));

    public static ApiKeyToken? Read(string? text)
    {
        const int Length = 4 + IdLength + 1 + SecretLength;
        return text is { Length: Length } && text.StartsWith(Prefix, StringComparison.Ordinal) && text[Prefix.Length + IdLength] == '_'
            && Ascii.IsValid(text)
            ? new(text.Substring(Prefix.Length, IdLength), text[(Prefix.Length + IdLength + 1)..])
            : null;
    }

    /// <summary>Whether the hash is this secret's; takes constant time.</summary>
    public bool Matches(string hash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash), Encoding.ASCII.GetBytes(hash));

    /// <summary>The text. <see cref="ToString"/> hides the secret, so that it cannot get into a log by accident.</summary>
    public string Reveal() => $"{Prefix}{Id}_{Secret}";

    public override string ToString() => $"{Prefix}{Id}_…";
}
