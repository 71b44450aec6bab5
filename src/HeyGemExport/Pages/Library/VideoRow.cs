using HeyGemExport.Library;

namespace HeyGemExport.Pages.Library;

/// <summary>One video as a row of the library.</summary>
/// <param name="Video">The video.</param>
/// <param name="Reason">Why it is not ready, in the person's language, or null.</param>
/// <param name="Notes">What is odd about it, in the person's language.</param>
public sealed record VideoRow(Video Video, string? Reason, IReadOnlyList<string> Notes)
{
    // What current browsers play without a plug-in; HEVC in MP4 may still fail, which the player then says.
    private static readonly string[] Played = [".mp4", ".mov", ".m4v", ".webm"];

    /// <summary>The address of the file itself, below the app's root.</summary>
    public string FileHref => "~/videos/" + Escaped(Video.Path);

    /// <summary>The address of the page that plays it.</summary>
    public string WatchHref => "~/watch/" + Escaped(Video.Path);

    /// <summary>Whether browsers can be expected to play it.</summary>
    public bool IsPlayable => Played.Contains(Extension(Video.Name), StringComparer.OrdinalIgnoreCase);

    /// <summary>The format as people call it, for example <c>MP4</c>.</summary>
    public string Format => Extension(Video.Name).TrimStart('.').ToUpperInvariant();

    /// <summary>The folders between the batch and the file, or empty.</summary>
    public string Folder
    {
        get
        {
            var name = Video.Path.LastIndexOf('/');
            var batch = Video.Path.IndexOf('/', StringComparison.Ordinal);
            return batch < name ? Video.Path[(batch + 1)..name] : "";
        }
    }

    private static string Extension(string name) => Path.GetExtension(name);

    private static string Escaped(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
