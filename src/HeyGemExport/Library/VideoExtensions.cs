using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Library;

internal sealed class VideoExtensions(IOptions<LibraryOptions> options)
{
    private static readonly char[] Separators = [' ', ',', ';', '\t', '\r', '\n'];

    private readonly FrozenSet<string> extensions = Split(options.Value.Extensions).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The name may be a path.</summary>
    public bool Match(string name) => extensions.Contains(Path.GetExtension(name));

    /// <summary>No hidden folder may be on the way.</summary>
    public bool MayBeListed(string relativePath) =>
        Match(relativePath)
        && relativePath[0] != '.'
        && !relativePath.Contains("/.", StringComparison.Ordinal);

    // Configuration can set a text to null.
    internal static string[] Split(string? extensions) =>
        (extensions ?? "").Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
