using System.Buffers;
using System.Security.Cryptography;

namespace HeyGemExport.Exports;

/// <summary>Ids of exports: opaque, safe in a file name and an address, not to be guessed.</summary>
internal static class ShortId
{
    private const int Length = 12;

    // RFC 4648 base 32 in lower case: no two characters that differ only by case.
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);

    /// <summary>A new id of 60 random bits.</summary>
    public static string Create() => RandomNumberGenerator.GetString(Alphabet, Length);

    public static bool IsValid(string? text) => text is { Length: Length } && !text.AsSpan().ContainsAnyExcept(Characters);
}
