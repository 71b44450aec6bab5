using System.Text;

namespace HeyGemExport.Archives;

/// <summary>A key that is equal for names that some file system takes for the same.</summary>
/// <remarks>NTFS and exFAT ignore case, APFS and HFS+ case and normalisation, ext4 and f2fs with case folding also invisible characters;
/// the last three fold in full (<c>ß</c> is <c>ss</c>), after <c>CaseFolding.txt</c> of the Unicode Character Database.</remarks>
internal static class NameKey
{
    // Letters that fold to several, or to one that .NET does not map, and have no canonical decomposition;
    // their compatibility decomposition gives the same letters.
    private const string FoldedByDecomposition =
        "\u0149\u017F\u0587\u1E9A\uFB00\uFB01\uFB02\uFB03\uFB04\uFB05\uFB06\uFB13\uFB14\uFB15\uFB16\uFB17";

    public static string Of(string name)
    {
        if (PortableName.IsPlain(name))
        {
            return name.ToLowerInvariant();
        }

        var text = new StringBuilder(name.Length);
        foreach (var rune in name.Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            if (!InvisibleCharacters.Contains(rune))
            {
                text.Append(Folded(rune.ToString()));
            }
        }

        return text.ToString().ToUpperInvariant().ToLowerInvariant().Normalize(NormalizationForm.FormC);
    }

    private static string Folded(string letter) => letter switch
    {
        "\u00DF" or "\u1E9E" => "ss",
        _ when FoldedByDecomposition.Contains(letter, StringComparison.Ordinal) => letter.Normalize(NormalizationForm.FormKD),
        _ => letter,
    };
}
