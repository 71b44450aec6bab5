using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace HeyGemExport.Shares;

/// <summary>The secret part of a link's address: 256 random bits in base64url.</summary>
internal sealed class ShareToken(string text)
{
    private const int Bytes = 32;
    private const int Length = 43;

    /// <summary>A plain hash is enough for a secret that cannot be guessed.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)));

    public static ShareToken Create() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)));

    public static ShareToken? Read(string? text) =>
        text is { Length: Length } && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') ? new(text) : null;

    /// <summary>The text. <see cref="ToString"/> hides it, so that it cannot get into a log by accident.</summary>
    public string Reveal() => text;

    public override string ToString() => "…";
}
