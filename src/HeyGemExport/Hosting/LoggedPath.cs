using System.Text.RegularExpressions;

namespace HeyGemExport.Hosting;

/// <summary>Paths of requests as logs, traces and the audit trail have them: without the token of a share link, which opens the archive
/// to whoever knows it, however the path is spelled.</summary>
internal static partial class LoggedPath
{
    /// <summary>Where share links are.</summary>
    public const string Shares = "/s";

    private const int MaxRounds = 4;

    public static string Of(PathString path)
    {
        var text = path.Value ?? "";
        var decoded = Decode(text);
        var segments = decoded.Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .SkipWhile(segment => segment.All(letter => letter == '.')).ToList();
        return segments is [var first, _, ..] && string.Equals(first, Shares[1..], StringComparison.OrdinalIgnoreCase) ? Shares + "/…"
            : Token().IsMatch(decoded) ? Token().Replace(decoded, "…")
            : text;
    }

    // "%252f" is "%2f" is "/": a proxy or a mistake may have encoded it more than once.
    private static string Decode(string text)
    {
        for (var round = 0; round < MaxRounds && text.Contains('%', StringComparison.Ordinal); round++)
        {
            text = Uri.UnescapeDataString(text);
        }

        return text;
    }

    // 256 bits in base64url, wherever they are: behind a prefix of a proxy, or after a mistake.
    [GeneratedRegex("(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
