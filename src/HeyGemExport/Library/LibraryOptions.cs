namespace HeyGemExport.Library;

/// <summary>Where the finished videos are and when a file counts as one. Section <c>Library</c>.</summary>
public sealed class LibraryOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Library";

    /// <summary>The folder that the engine writes into; relative to the content root. Default <c>outputs</c>.</summary>
    public string OutputsPath { get; set; } = "outputs";

    /// <summary>What counts as a video, separated by spaces or commas, without case. Default <c>.mp4 .avi .mov .mkv</c>.</summary>
    public string Extensions { get; set; } = ".mp4 .avi .mov .mkv";

    /// <summary>Seconds that size and time of a file must have stood still; 0 to 86,400. Default 10.</summary>
    public double SettleSeconds { get; set; } = 10;
}
