using System.Collections.Frozen;
using System.IO.Enumeration;

namespace HeyGemExport.Library;

internal sealed class VideoExtensions(IOptions<LibraryOptions> options)
{
    private static readonly char[] Separators = [' ', ',', ';', '\t', '\r', '\n'];

    // Names of folders have spaces.
    private static readonly char[] FolderSeparators = [',', ';', '\r', '\n'];

    private readonly string[] ignoredFolders = SplitFolders(options.Value.IgnoredFolders);

    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> extensions =
        Split(options.Value.Extensions).ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The name may be a path.</summary>
    public bool Match(ReadOnlySpan<char> name) => extensions.Contains(Path.GetExtension(name));

    /// <summary>No hidden or ignored folder may be on the way.</summary>
    public bool MayBeListed(string relativePath) =>
        Match(relativePath)
        && relativePath[0] != '.'
        && !relativePath.Contains("/.", StringComparison.Ordinal)
        && !Array.Exists(relativePath.Split('/')[..^1], folder => IgnoresFolder(folder));

    /// <summary>Whether a folder of this name never holds videos.</summary>
    public bool IgnoresFolder(ReadOnlySpan<char> name)
    {
        foreach (var pattern in ignoredFolders)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: true))
            {
                return true;
            }
        }

        return false;
    }

    // Configuration can set a text to null.
    internal static string[] Split(string? extensions) =>
        (extensions ?? "").Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    internal static string[] SplitFolders(string? folders) =>
        (folders ?? "").Split(FolderSeparators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
