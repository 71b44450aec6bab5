using System.ComponentModel.DataAnnotations;
using HeyGemExport.Hosting;

namespace HeyGemExport.Library.Posters;

/// <summary>Where pictures of videos come from whose own key frames no browser can show. Section <c>Library:Posters</c>.</summary>
internal sealed class PosterOptions : IValidatableObject
{
    public const string Section = "Library:Posters";

    public const string Auto = "auto";
    public const string Off = "off";

    /// <summary><c>auto</c> for the <c>ffmpeg</c> in <c>PATH</c>, if there is one; <c>off</c>; or the full path of one.
    /// Default <c>auto</c>.</summary>
    public string Ffmpeg { get; set; } = Auto;

    /// <summary>Bytes of pictures by FFmpeg that are kept in <c>Data:Path</c>; the oldest go first. Default 200 MB.</summary>
    [Range(0L, long.MaxValue)]
    public long CacheBytes { get; set; } = 200_000_000;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => ValidatedOptions.Check((
        !IsWord(Ffmpeg) && !(Path.IsPathFullyQualified(Ffmpeg) && File.Exists(Ffmpeg)),
        $"{Section}:Ffmpeg must be {Auto}, {Off} or the full path of ffmpeg, and '{Ffmpeg}' is not."));

    /// <summary>The program to start, or null.</summary>
    public string? Program()
    {
        if (!IsWord(Ffmpeg))
        {
            return Ffmpeg;
        }

        return string.Equals(Ffmpeg, Off, StringComparison.OrdinalIgnoreCase)
            ? null
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
                .Where(Path.IsPathFullyQualified)
                .Select(folder => Path.Combine(folder, "ffmpeg"))
                .FirstOrDefault(File.Exists);
    }

    private static bool IsWord(string value) =>
        string.Equals(value, Auto, StringComparison.OrdinalIgnoreCase) || string.Equals(value, Off, StringComparison.OrdinalIgnoreCase);
}
