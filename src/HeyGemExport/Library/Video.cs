using HeyGemExport.FileSystem;
using HeyGemExport.Library.Tags;
using HeyGemExport.Media;

namespace HeyGemExport.Library;

/// <summary>Whether a video can be packed.</summary>
internal enum VideoState
{
    /// <summary>Settled, and its pictures and sound are all there.</summary>
    Ready,

    /// <summary>Size or time moved within the settle time, or a program has it open for writing.</summary>
    Writing,

    /// <summary>Settled, but it does not play, or not to its end, or cannot be read.</summary>
    Broken,
}

/// <summary>Why a video is not ready, or a note on one that is: a stable code, and the figures that its text needs.</summary>
/// <param name="Code">For example <c>moov-missing</c>; a text with the key <c>VideoFault.moov-missing</c> exists in each language.</param>
/// <param name="Args">Format arguments of that text. A <see cref="long"/> is a number of bytes, shown in units that people use.</param>
internal sealed record VideoFault(string Code, params IReadOnlyList<object> Args)
{
    public static bool AreSame(VideoFault? one, VideoFault? other) => ReferenceEquals(one, other)
        || (one is not null && other is not null && string.Equals(one.Code, other.Code, StringComparison.Ordinal)
            && one.Args.SequenceEqual(other.Args));
}

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
    internal MediaFacts? Media { get; init; }

    /// <summary>Its container, such as <c>mp4</c>, by its content.</summary>
    public string? Container => Media?.Container;

    /// <summary>Codec of its first picture track, such as <c>h264</c>.</summary>
    public string? VideoCodec => Media?.VideoCodec;

    /// <summary>Codec of its first sound track, such as <c>aac</c>.</summary>
    public string? AudioCodec => Media?.AudioCodec;

    /// <summary>Pictures a second, on average.</summary>
    public double? FrameRate => Media?.FrameRate;

    /// <summary>Which file it is; null where the system does not tell.</summary>
    internal FileIdentity? Identity { get; init; }

    /// <summary>What is odd about a ready video, and hinders nobody.</summary>
    public IReadOnlyList<VideoFault> Notes { get; init; } = [];

    /// <summary>Tags of the video and of its batch, each once, by name.</summary>
    public IReadOnlyList<AppliedTag> AppliedTags { get; init; } = [];

    /// <summary>The names of <see cref="AppliedTags"/>.</summary>
    public IEnumerable<string> Tags => AppliedTags.Select(tag => tag.Name);

    /// <summary>The batch of a file at a path relative to the outputs folder.</summary>
    public static string BatchOf(string path) => path.IndexOf('/') is var slash and >= 0 ? path[..slash] : Ungrouped;

    public static ReadOnlySpan<char> BatchOf(ReadOnlySpan<char> path) =>
        path.IndexOf('/') is var slash and >= 0 ? path[..slash] : Ungrouped;

    /// <summary>The same in every way but <see cref="AppliedTags"/>.</summary>
    internal bool IsSameFile(Video other) =>
        string.Equals(Path, other.Path, StringComparison.Ordinal)
        && (Bytes, ModifiedAt, State, DurationSeconds, Width, Height)
            == (other.Bytes, other.ModifiedAt, other.State, other.DurationSeconds, other.Width, other.Height)
        && Media == other.Media
        && Identity == other.Identity
        && VideoFault.AreSame(Fault, other.Fault)
        && (ReferenceEquals(Notes, other.Notes)
            || (Notes.Count == other.Notes.Count && Notes.Zip(other.Notes).All(pair => VideoFault.AreSame(pair.First, pair.Second))));

    /// <summary>Bits a second of the whole file, as FFmpeg reckons them; null where the playing time could not be read.</summary>
    public long? BitRate => DurationSeconds is > 0 and var seconds ? (long)Math.Round(Bytes * 8d / seconds) : null;
}
