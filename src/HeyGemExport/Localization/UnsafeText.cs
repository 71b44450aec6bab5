namespace HeyGemExport.Localization;

/// <summary>Characters that would hide or reorder the text around them: <c>invoice_(U+202E)gpj.exe</c> reads as a picture.</summary>
internal static class UnsafeText
{
    /// <summary>Controls and directional formatting characters (https://www.unicode.org/reports/tr9/, table 2).</summary>
    public static bool Hides(char character) => char.IsControl(character)
        || character is '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    /// <summary>The text, behind an apostrophe where a spreadsheet would run it as a formula (OWASP, "CSV Injection") and CsvHelper does
    /// not know it: Excel takes the full-width forms of East Asian keyboards for formulas, too.</summary>
    public static string ForSpreadsheet(string text) => text is ['\n' or '＝' or '＋' or '－' or '＠', ..] ? "'" + text : text;
}
