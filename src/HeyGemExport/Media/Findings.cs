namespace HeyGemExport.Media;

/// <summary>Everything that can be found. Sizes and offsets are bytes.</summary>
internal static class Findings
{
    /// <summary>Codes of defects: such a video does not play, or not to its end.</summary>
    public static IReadOnlyList<string> Defects { get; } =
    [
        "empty", "not-a-container", "moov-missing", "index-cut", "cut-short", "not-copied", "damaged", "interrupted",
        "no-picture-track", "no-pictures", "parts-missing", "too-many-parts",
    ];

    /// <summary>Codes of notes: odd, but the video plays.</summary>
    public static IReadOnlyList<string> Notes { get; } = ["trailing-bytes", "end-cut", "lengths-off", "index-off", "not-checked",
        "checked-in-part"];

    /// <summary>The file has no bytes.</summary>
    public static MediaFinding Empty { get; } = new("empty");

    /// <summary>The content is that of no known video container.</summary>
    public static MediaFinding NotAVideo { get; } = new("not-a-container");

    /// <summary>MP4 and MOV without <c>moov</c>, which is written last.</summary>
    public static MediaFinding MoovMissing { get; } = new("moov-missing");

    /// <summary>A <c>moov</c> that reaches past the end of the file.</summary>
    public static MediaFinding IndexCut(long missing) => new("index-cut", missing);

    /// <summary>Pictures or sound lie past the end of the file.</summary>
    public static MediaFinding CutShort(long missing, long length) => new("cut-short", missing, length);

    /// <summary>Zeros where pictures or sound belong: the file has its length, but was not yet filled.</summary>
    public static MediaFinding NotCopied(long offset) => new("not-copied", offset);

    /// <summary>Something else than the container's parts, in the middle of them.</summary>
    public static MediaFinding Damaged(long offset) => new("damaged", offset);

    /// <summary>The writer could have filled in what it left open, and did not come to it.</summary>
    public static MediaFinding Interrupted { get; } = new("interrupted");

    /// <summary>Sound only, or nothing.</summary>
    public static MediaFinding NoPictureTrack { get; } = new("no-picture-track");

    /// <summary>A picture track without a picture.</summary>
    public static MediaFinding NoPictures { get; } = new("no-pictures");

    /// <summary>An index of fragments (<c>mfra</c>) lists more of them than there are.</summary>
    public static MediaFinding PartsMissing(int parts) => new("parts-missing", parts);

    /// <summary>More parts than any real video has, and no picture in those that were looked at.</summary>
    public static MediaFinding TooManyParts { get; } = new("too-many-parts");

    /// <summary>Bytes behind the video that are not part of it.</summary>
    public static MediaFinding TrailingBytes(long bytes) => new("trailing-bytes", bytes);

    /// <summary>The last part, which holds neither pictures nor sound, is cut.</summary>
    public static MediaFinding EndCut(long missing) => new("end-cut", missing);

    /// <summary>A length in the headers differs from what is there.</summary>
    public static MediaFinding LengthsOff { get; } = new("lengths-off");

    /// <summary>An AVI without an index, or with one that leads elsewhere.</summary>
    public static MediaFinding IndexOff { get; } = new("index-off");

    /// <summary>A container that is only recognized.</summary>
    public static MediaFinding NotChecked(string container) => new("not-checked", container);

    /// <summary>So many parts that the last ones were not looked at.</summary>
    public static MediaFinding CheckedInPart { get; } = new("checked-in-part");
}
