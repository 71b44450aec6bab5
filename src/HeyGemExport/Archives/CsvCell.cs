namespace HeyGemExport.Archives;

/// <summary>Keeps a text a text in a spreadsheet.</summary>
internal static class CsvCell
{
    // OWASP, "CSV Injection"; Excel takes the full-width forms of East Asian keyboards for the same.
    private const string FormulaStarts = "=+-@\t\r\n＝＋－＠";

    /// <summary>The text, behind an apostrophe where a spreadsheet would run it as a formula (Symfony CVE-2021-41270).</summary>
    public static string Safe(string text) => text.Length > 0 && FormulaStarts.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
}
