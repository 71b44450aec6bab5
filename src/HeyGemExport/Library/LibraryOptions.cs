namespace HeyGemExport.Library;

/// <summary>Where the finished videos are and when a file counts as one. Section <c>Library</c>.</summary>
public sealed class LibraryOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Library";

    /// <summary>The longest settle time: a day, in seconds.</summary>
    public const double MaxSettleSeconds = 86_400;

    /// <summary>The folder that the engine writes into; relative to the content root. Default <c>outputs</c>.</summary>
    public string OutputsPath { get; set; } = "outputs";

    /// <summary>What counts as a video, separated by spaces, commas or semicolons, without case; a configured
    /// array (<c>Library:Extensions:0</c> and on) replaces it. Default <c>.mp4 .avi .mov .mkv</c>.</summary>
    public string Extensions { get; set; } = ".mp4 .avi .mov .mkv";

    /// <summary>Folders that never hold videos, wherever they are, separated by commas or semicolons, without case, with <c>*</c> for
    /// any characters; a configured array replaces it. Default: where NAS systems and Windows keep what is deleted, derived or a
    /// snapshot.</summary>
    public string IgnoredFolders { get; set; } =
        "#recycle, #snapshot, @Recycle, @Recently-Snapshot, @eaDir, $RECYCLE.BIN, RECYCLER, System Volume Information, lost+found, ~snapshot, .snapshot, .Trash-*";

    /// <summary>Seconds that size and time of a file must have stood still; 0 to 86,400. Default 10.</summary>
    public double SettleSeconds { get; set; } = 10;

    /// <summary>How changes are noticed: <c>events</c> of the file system, <c>polling</c>, or <c>auto</c>, which polls
    /// where the file system is known to send no events (NFS, SMB, FUSE and the like). Default <c>auto</c>.</summary>
    public string Watch { get; set; } = "auto";
}
