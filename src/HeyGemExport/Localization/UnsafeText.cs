using System.Text;
using System.Text.RegularExpressions;

namespace HeyGemExport.Localization;

/// <summary>Characters that would hide or reorder the text around them: <c>invoice_(U+202E)gpj.exe</c> reads as a picture.</summary>
internal static partial class UnsafeText
{
    /// <summary>Controls and directional formatting characters (https://www.unicode.org/reports/tr9/, table 2).</summary>
    public static bool Hides(char character) => char.IsControl(character)
        || character is '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    /// <summary>The same JSON, with what hides, and line breaks of Unicode, as escapes: safe to show in a terminal.</summary>
    public static string EscapeInJson(string json)
    {
        if (!json.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return json;
        }

        var text = new StringBuilder(json.Length);
        foreach (var character in json)
        {
            _ = Hides(character) || character is '\u2028' or '\u2029'
                ? text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}")
                : text.Append(character);
        }

        return text.ToString();
    }

    /// <summary>The text, behind an apostrophe where a spreadsheet would run it as a formula (OWASP, "CSV Injection") and CsvHelper does
    /// not know it: Excel takes the full-width forms of East Asian keyboards for formulas, too.</summary>
    /// <remarks>Also where a cell begins for a program that splits at something else than a comma, as Excel does at semicolons in much of
    /// Europe: quotes in the midst of such a cell mean nothing.</remarks>
    public static string ForSpreadsheet(string text)
    {
        text = LaterFormula().Replace(text, "'");
        return text is ['\n' or '＝' or '＋' or '－' or '＠', ..] ? "'" + text : text;
    }

    [GeneratedRegex("(?<=[;|\\t\\r\\n])(?=[=+@＝＋－＠-])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LaterFormula();
}
