using HeyGemExport.Media;

namespace HeyGemExport.Library;

/// <summary>Every reason for which a video is not ready or the outputs folder is not read, and every note on a ready one. Each code has a
/// text <c>VideoFault.&lt;code&gt;</c> in every language.</summary>
internal static class VideoFaults
{
    /// <summary>Every code.</summary>
    public static IReadOnlyList<string> Codes { get; } =
    [
        "writing", "open-for-writing", "name-unreadable", "unreadable", "read-failed", "outputs-missing", "outputs-unreadable",
        .. Findings.Defects, .. Findings.Notes, "named-otherwise", "time-odd",
    ];

    /// <summary>Size or time moved within the settle time.</summary>
    public static VideoFault Writing(double settleSeconds) => new("writing", settleSeconds);

    /// <summary>A program has the file open for writing.</summary>
    public static VideoFault OpenForWriting { get; } = new("open-for-writing");

    /// <summary>The name announces another container than the content is. A note.</summary>
    public static VideoFault NamedOtherwise(string actual, string announced) => new("named-otherwise", actual, announced);

    /// <summary>Last changed before 1980 or after 2107, which no archive can say. A note.</summary>
    public static VideoFault TimeOdd { get; } = new("time-odd");

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
