using HeyGemExport.Library;
using HeyGemExport.Library.Posters;

namespace HeyGemExport.Pages.Library;

/// <param name="Reason">Why it is not ready, in the language of the request, or null.</param>
/// <param name="Notes">What is odd about it, in the language of the request.</param>
internal sealed record VideoRow(Video Video, string? Reason, IReadOnlyList<string> Notes)
{
    /// <summary>What its poster will most likely be.</summary>
    public PosterKind Poster { get; init; }

    /// <summary>Whether the page already says of which batch it is.</summary>
    public bool IsInBatch { get; init; }

    /// <summary>Whether the person has not downloaded it yet, and this is worth saying.</summary>
    public bool IsNew { get; init; }

    public VideoRow(Video video, IStringLocalizer<LibraryTexts> texts)
        : this(video, video.Fault is { } fault ? texts.Describe(fault) : null, [.. video.Notes.Select(texts.Describe)])
    {
    }

    public string FileHref => "~/videos/" + Escaped(Video.Path);
    public string DownloadHref => "~/downloads/" + Escaped(Video.Path);
    public string WatchHref => "~/watch/" + Escaped(Video.Path);
    public string PosterHref => $"~/posters/{Escaped(Video.Path)}?v={PosterService.VersionOf(Video)}";

    /// <summary>Where its poster is; null when it will have none.</summary>
    public string? PosterSource => Poster == PosterKind.None ? null : PosterHref;

    public bool IsPlayable => VideoTypes.IsPlayed(Video.Name);

    /// <summary>The format as people call it, for example <c>MP4</c>.</summary>
    public string Format => Path.GetExtension(Video.Name).TrimStart('.').ToUpperInvariant();

    public string Folder
    {
        get
        {
            var name = Video.Path.LastIndexOf('/');
            var batch = Video.Path.IndexOf('/', StringComparison.Ordinal);
            return batch < name ? Video.Path[(batch + 1)..name] : "";
        }
    }

    internal static string Escaped(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
