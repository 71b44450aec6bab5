using System.Security.Cryptography;

namespace HeyGemExport.Shares;

internal static class SharePassword
{
    private const int Groups = 3;
    private const int GroupLength = 4;

    // What can be taken for another when it is read out or typed is left out: 0 and o, 1, i and l.
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>A new one of 59 random bits, such as <c>k7mf-9xqd-h4tn</c>.</summary>
    public static string Create() =>
        string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(Alphabet, GroupLength)));
}
