namespace HeyGemExport.Library.Tasks;

/// <summary>Which files are task lists: <c>tasks.json</c> or <c>tasks.csv</c> in a batch folder, and in the outputs
/// folder itself for the ungrouped batch.</summary>
internal static class TaskListFile
{
    private const string Json = "tasks.json";
    private const string Csv = "tasks.csv";

    /// <summary>Whether the path, relative to the outputs folder, is that of a task list.</summary>
    public static bool Is(string path) =>
        path.IndexOf('/', StringComparison.Ordinal) == path.LastIndexOf('/') && NameOf(path) is Json or Csv;

    /// <summary>Whether the list is JSON, which counts where a batch has both.</summary>
    public static bool IsJson(string path) => NameOf(path) is Json;

    /// <summary>The batch that the list speaks of.</summary>
    public static string BatchOf(string path) =>
        path.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? path[..slash] : Video.Ungrouped;

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
