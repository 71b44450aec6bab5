namespace HeyGemExport.Exports.Archives;

/// <summary>Names of entries.</summary>
public static class ArchiveNames
{
    /// <summary>One entry name for each source path.</summary>
    public static IReadOnlyList<string> For(IReadOnlyList<string> paths) => paths;
}
