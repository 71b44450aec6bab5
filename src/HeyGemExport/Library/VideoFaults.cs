namespace HeyGemExport.Library;

/// <summary>Every reason for which a video is not ready or the outputs folder is not read. Each code has a text
/// <c>VideoFault.&lt;code&gt;</c> in every language; sizes and offsets are bytes.</summary>
internal static class VideoFaults
{
    /// <summary>Every code.</summary>
    public static IReadOnlyList<string> Codes { get; } =
    [
        "writing", "empty", "not-a-container", "ftyp-missing", "moov-missing", "mdat-missing", "boxes-short", "box-invalid",
        "riff-unfinished", "riff-short", "riff-trailing", "riff-invalid", "movi-missing",
        "segment-missing", "segment-short", "cluster-missing", "element-invalid",
        "too-many-parts", "name-unreadable", "unreadable", "read-failed", "outputs-missing", "outputs-unreadable",
    ];

    /// <summary>Size or time moved within the settle time.</summary>
    public static VideoFault Writing(double settleSeconds) => new("writing", settleSeconds);

    /// <summary>The file has no bytes.</summary>
    public static VideoFault Empty { get; } = new("empty");

    /// <summary>The file's beginning is not that of the container which its name announces.</summary>
    public static VideoFault NotAContainer(string container) => new("not-a-container", container);

    /// <summary>An MP4 without its file type box.</summary>
    public static VideoFault FtypMissing { get; } = new("ftyp-missing");

    /// <summary>No index of the movie: rendering was interrupted.</summary>
    public static VideoFault MoovMissing { get; } = new("moov-missing");

    /// <summary>No media data.</summary>
    public static VideoFault MdatMissing { get; } = new("mdat-missing");

    /// <summary>A box reaches past the end of the file.</summary>
    public static VideoFault BoxesShort(long expected, long actual) => new("boxes-short", expected, actual);

    /// <summary>There is no box where one must begin.</summary>
    public static VideoFault BoxInvalid(long offset) => new("box-invalid", offset);

    /// <summary>The length in the RIFF header was never filled in.</summary>
    public static VideoFault RiffUnfinished { get; } = new("riff-unfinished");

    /// <summary>A RIFF reaches past the end of the file.</summary>
    public static VideoFault RiffShort(long expected, long actual) => new("riff-short", expected, actual);

    /// <summary>Bytes that belong to nothing follow the last RIFF.</summary>
    public static VideoFault RiffTrailing(long bytes) => new("riff-trailing", bytes);

    /// <summary>There is no chunk where one must begin, or it leaves its RIFF.</summary>
    public static VideoFault RiffInvalid(long offset) => new("riff-invalid", offset);

    /// <summary>No list of frames.</summary>
    public static VideoFault MoviMissing { get; } = new("movi-missing");

    /// <summary>A Matroska header with nothing after it.</summary>
    public static VideoFault SegmentMissing { get; } = new("segment-missing");

    /// <summary>A segment or an element in it reaches past the end of the file.</summary>
    public static VideoFault SegmentShort(long expected, long actual) => new("segment-short", expected, actual);

    /// <summary>No cluster: no frames.</summary>
    public static VideoFault ClusterMissing { get; } = new("cluster-missing");

    /// <summary>There is no Matroska element where one must begin.</summary>
    public static VideoFault ElementInvalid(long offset) => new("element-invalid", offset);

    /// <summary>More parts than any real video has; the examination was stopped.</summary>
    public static VideoFault TooManyParts(int limit) => new("too-many-parts", limit);

    /// <summary>The name is not UTF-8, and this system does not list names by their bytes, so that no path leads to the file.</summary>
    public static VideoFault NameUnreadable { get; } = new("name-unreadable");

    /// <summary>The service has no right to read the file.</summary>
    public static VideoFault Unreadable { get; } = new("unreadable");

    /// <summary>Reading failed.</summary>
    public static VideoFault ReadFailed { get; } = new("read-failed");

    /// <summary>The outputs folder is not there. Which folder that is, checks tell operators.</summary>
    public static VideoFault OutputsMissing { get; } = new("outputs-missing");

    /// <summary>The outputs folder cannot be listed.</summary>
    public static VideoFault OutputsUnreadable { get; } = new("outputs-unreadable");
}
