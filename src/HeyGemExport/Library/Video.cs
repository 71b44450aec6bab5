using HeyGemExport.Library.Containers;
using HeyGemExport.Library.Tags;

namespace HeyGemExport.Library;

/// <summary>Whether a video can be packed.</summary>
internal enum VideoState
{
    /// <summary>Settled, and its container is complete.</summary>
    Ready,

    /// <summary>Size or time moved within the settle time.</summary>
    Writing,

    /// <summary>Settled, but its container is incomplete or unreadable.</summary>
    Broken,
}

/// <summary>Why a video is not ready: a stable code, and the figures that its text needs.</summary>
/// <param name="Code">For example <c>moov-missing</c>; a text with the key <c>VideoFault.moov-missing</c> exists in each language.</param>
/// <param name="Args">Format arguments of that text.</param>
internal sealed record VideoFault(string Code, params IReadOnlyList<object> Args);

/// <summary>One file with an allowed extension below the outputs folder, as the last scan saw it.</summary>
/// <param name="Path">Relative to the outputs folder, with <c>/</c>.</param>
/// <param name="State">Whether it can be packed.</param>
/// <param name="Fault">Why it is not ready; null when it is.</param>
/// <param name="DurationSeconds">Playing time, where it could be read.</param>
/// <param name="Width">Picture width in pixels, where it could be read.</param>
/// <param name="Height">Picture height in pixels, where it could be read.</param>
internal sealed record Video(
    string Path,
    long Bytes,
    DateTimeOffset ModifiedAt,
    VideoState State,
    VideoFault? Fault = null,
    double? DurationSeconds = null,
    int? Width = null,
    int? Height = null)
{
    /// <summary>The name of the ungrouped batch: videos directly in the outputs folder.</summary>
    public const string Ungrouped = ".";

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The first folder below the outputs folder, or <see cref="Ungrouped"/>.</summary>
    public string Batch => BatchOf(Path);

    /// <summary>What it is made of, where it could be read.</summary>
    public MediaFacts? Media { get; init; }

    /// <summary>Tags of the video and of its batch, each once, by name.</summary>
    public IReadOnlyList<AppliedTag> AppliedTags { get; init; } = [];

    /// <summary>The names of <see cref="AppliedTags"/>.</summary>
    public IEnumerable<string> Tags => AppliedTags.Select(tag => tag.Name);

    /// <summary>The batch of a file at a path relative to the outputs folder.</summary>
    public static string BatchOf(string path) => path.IndexOf('/') is var slash and >= 0 ? path[..slash] : Ungrouped;

    /// <summary>Bits a second of the whole file, as FFmpeg reckons them; null where the playing time could not be read.</summary>
    public long? BitRate => DurationSeconds is > 0 and var seconds ? (long)Math.Round(Bytes * 8 / seconds) : null;
}
