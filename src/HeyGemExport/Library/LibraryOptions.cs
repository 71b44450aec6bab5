using System.ComponentModel.DataAnnotations;

namespace HeyGemExport.Library;

/// <summary>Where the finished videos are and when a file counts as one. Section <c>Library</c>.</summary>
internal sealed class LibraryOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Library";

    private const string FolderRule = "{0} must name a folder";

    /// <summary>The folder that the engine writes into; relative to the content root. Default <c>outputs</c>.</summary>
    [Required(ErrorMessage = FolderRule), RegularExpression(@"[^\0]*", ErrorMessage = FolderRule)]
    public string OutputsPath { get; set; } = "outputs";

    /// <summary>What counts as a video, separated by spaces, commas or semicolons, without case; a configured
    /// array (<c>Library:Extensions:0</c> and on) replaces it. Default <c>.mp4 .avi .mov .mkv</c>.</summary>
    public string Extensions { get; set; } = ".mp4 .avi .mov .mkv";

    /// <summary>Folders that never hold videos, wherever they are, separated by commas or semicolons, case-insensitive, with <c>*</c>
    /// for any characters; a configured array replaces it. Default: where NAS systems and Windows keep what is deleted, derived or a
    /// snapshot.</summary>
    public string IgnoredFolders { get; set; } =
        "#recycle, #snapshot, @Recycle, @Recently-Snapshot, @eaDir, $RECYCLE.BIN, RECYCLER, System Volume Information, lost+found, "
        + "~snapshot, .snapshot, .Trash-*";

    /// <summary>Seconds for which size and time of a file must be unchanged. Default 10.</summary>
    [Range(0d, 86_400)]
    public double SettleSeconds { get; set; } = 10;

    /// <summary>How changes are noticed: <c>events</c> of the file system, <c>polling</c>, or <c>auto</c>, which polls
    /// where the file system is known to send no events (NFS, SMB, FUSE and the like). Default <c>auto</c>.</summary>
    [Required, RegularExpression("(?i)auto|events|polling", ErrorMessage = "{0} must be auto, events or polling")]
    public string Watch { get; set; } = "auto";

    /// <summary>Hours since a video was finished within which it is read in the background, so that packing it is quick; 0 for
    /// never. Default 6.</summary>
    [Range(0d, 8760)]
    public double FingerprintHours { get; set; } = 6;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var extensions = VideoExtensions.Split(Extensions);
        if (extensions.Length == 0)
        {
            yield return new ValidationResult("Library:Extensions must list at least one extension, such as .mp4.");
        }

        foreach (var folder in VideoExtensions.SplitFolders(IgnoredFolders)
            .Where(folder => folder.IndexOfAny(['/', '\\', '\0']) >= 0 || folder.All(letter => letter == '*')))
        {
            yield return new ValidationResult($"Library:IgnoredFolders must be names of folders, not paths, and '{folder}' is not.");
        }

        foreach (var extension in extensions.Where(name => name is not ['.', _, ..] || !name.Skip(1).All(char.IsLetterOrDigit)))
        {
            yield return new ValidationResult(
                $"Library:Extensions must be a dot followed by letters or digits each, and '{extension}' is not.");
        }
    }
}
