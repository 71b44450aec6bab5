using HeyGemExport.FileSystem;

namespace HeyGemExport.Library.Tasks;

public enum TaskState
{
    /// <summary>Rendered; its video should be there.</summary>
    Done,

    Rendering,
    Queued,
    Failed,
    Cancelled,

    /// <summary>Any other word, or none.</summary>
    Other,
}

/// <param name="Name">What people call it; at most <see cref="MaxNameLength"/> characters, longer ones are cut.</param>
/// <param name="File">The video's path in the batch folder, with <c>/</c>; null when none is given, or one that leaves the folder.</param>
internal sealed record RenderTask(string Name, string? File, TaskState State)
{
    /// <summary>In UTF-16 units: as long as a file's name can be.</summary>
    public const int MaxNameLength = 255;

    // Linux's PATH_MAX: no file can be opened by a longer path.
    private const int MaxFileLength = 4096;

    /// <summary>Null when it has neither a name nor a file.</summary>
    internal static RenderTask? Of(string? name, string? file, string? state)
    {
        var path = Clean(file);
        var title = string.IsNullOrWhiteSpace(name) ? path[(path.LastIndexOf('/') + 1)..] : name.Trim();
        return title.Length == 0
            ? null
            : new RenderTask(Cut(title), path.Length <= MaxFileLength && RelativePath.IsSafe(path) ? path : null, Parse(state));
    }

    /// <summary>The same for two lines that name the same file; null without a file.</summary>
    internal string? Key => File is null ? null : VideoSearch.Compose(File);

    // Lists written on Windows have backslashes.
    private static string Clean(string? file)
    {
        var path = (file ?? "").Trim().Replace('\\', '/');
        return path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
    }

    private static string Cut(string name)
    {
        if (name.Length <= MaxNameLength)
        {
            return name;
        }

        var length = char.IsHighSurrogate(name[MaxNameLength - 2]) ? MaxNameLength - 2 : MaxNameLength - 1;
        return name[..length] + "…";
    }

    private static TaskState Parse(string? state) => state?.Trim().ToUpperInvariant() switch
    {
        "DONE" => TaskState.Done,
        "RENDERING" => TaskState.Rendering,
        "QUEUED" => TaskState.Queued,
        "FAILED" => TaskState.Failed,
        "CANCELLED" or "CANCELED" => TaskState.Cancelled,
        _ => TaskState.Other,
    };
}
