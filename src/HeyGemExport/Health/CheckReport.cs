namespace HeyGemExport.Health;

/// <summary>The results of the checks as a table for a terminal.</summary>
internal static class CheckReport
{
    private const int Gap = 2;

    /// <summary>Writes one line a check, and the remedy below where there is one.</summary>
    public static void Write(TextWriter output, IReadOnlyList<CheckResult> results, CheckTexts texts)
    {
        var stateWidth = results.Max(result => Columns(texts.State(result.State))) + Gap;
        var nameWidth = results.Max(result => Columns(texts.Name(result))) + Gap;
        foreach (var result in results)
        {
            output.WriteLine("  " + Padded(texts.State(result.State), stateWidth) + Padded(texts.Name(result), nameWidth) + texts.Message(result));
            if (texts.Remedy(result) is { } remedy)
            {
                output.WriteLine(new string(' ', 2 + stateWidth + nameWidth) + "→ " + remedy);
            }
        }
    }

    private static string Padded(string text, int columns) => text + new string(' ', columns - Columns(text));

    // A terminal shows Chinese characters two columns wide.
    private static int Columns(string text) => text.EnumerateRunes().Sum(rune => rune.Value >= 0x2e80 ? 2 : 1);
}
