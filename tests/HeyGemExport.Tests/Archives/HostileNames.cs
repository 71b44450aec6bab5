namespace HeyGemExport.Tests.Archives;

/// <summary>Paths made of what goes wrong somewhere, the same for each seed.</summary>
internal static class HostileNames
{
    private static readonly string[] Parts =
    [
        "a", "A", "b", "1", "clip", "CLIP", "王小明", "数字人", "é", "e\u0301", "É", "ß", "SS", "ss", "\uFB01", "\u0130", "i\u0307",
        "\u0131", "\u1E9E",
        " ", "  ", ".", "..", "...", "_", " (2)", " (3)", "(2)", "-", "~1", "%2e", "＼", "：", "？",
        "<", ">", ":", "\"", "|", "?", "*", "\\", "\n", "\r", "\t", "\u0001", "\u007f", "\u0085",
        "\u202E", "\u202A", "\u2066", "\u2069", "\u200B", "\u200C", "\u200D", "\u200E", "\uFEFF", "\u00AD", "\u2028", "\u3164",
        "\uFE0F", "\U000E0041",
        "CON", "con", "PRN", "Aux", "nul", "COM1", "com\u00B9", "LPT9", "CONIN$", ".mp4", ".MP4", ".mov", ".tar.avi",
        "\u0301", "\u0338", "\u094D", "\u1100", "\u1161", "\u11A8", "각", "\u0645\u06CC", "😀", "👨", "👩\u200D👧", "🏳\uFE0F\u200D🌈",
        "\uFFFD", "\uFFFE", "\uFDD0", "\uE000",
        "x\u0301\u0302\u0303\u0304\u0305\u0306\u0307", new string('l', 37), new string('王', 29), new string('L', 120), string.Concat(
            Enumerable.Repeat("e\u0301", 60)),
    ];

    // No file system gives these on Linux; configuration and other systems may.
    private static readonly string[] Halves = ["\uD83D", "\uDE00"];

    private static readonly string[] Extensions = [".mp4", ".MP4", ".avi", ".mov", ".mkv"];

    /// <summary>Paths of one to four names, each once.</summary>
    /// <param name="seed">The same seed gives the same paths.</param>
    /// <param name="count">How many.</param>
    /// <param name="forLinux">Whether each must be a path that Linux holds.</param>
    public static string[] Paths(int seed, int count, bool forLinux = false)
    {
#pragma warning disable CA5394 // Names for tests, the same each time.
        var random = new Random(seed);
        var folders = Enumerable.Range(0, 5).Select(_ => Name()).ToArray();
        return [.. Forever().Where(path => !forLinux || FitsLinux(path)).Distinct(StringComparer.Ordinal).Take(count)];

        IEnumerable<string> Forever()
        {
            while (true)
            {
                var levels = random.Next(4);
                yield return string.Concat(Enumerable.Range(0, levels).Select(_ => folders[random.Next(folders.Length)] + "/"))
                    + Name() + Extensions[random.Next(Extensions.Length)];
            }
        }

        string Name()
        {
            var name = string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => forLinux || random.Next(50) > 0
                ? Parts[random.Next(Parts.Length)]
                : Halves[random.Next(Halves.Length)]));
            return name is "." or ".." ? "dots" : name;
        }
#pragma warning restore CA5394
    }

    private static bool FitsLinux(string path) =>
        path.Split('/').All(name => System.Text.Encoding.UTF8.GetByteCount(name) <= 255);
}
