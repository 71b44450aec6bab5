namespace HeyGemExport.Testing;

/// <summary>The sources that the tests were built from.</summary>
internal static class SourceTree
{
    public static string App { get; } = Path.Combine(Root(), "src", "HeyGemExport");

    public static string Docs { get; } = Path.Combine(Root(), "docs");

    public static IEnumerable<string> Files(string pattern) =>
        Directory.EnumerateFiles(App, pattern, SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !path.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "HeyGemExport.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
