using HeyGemExport.Media;

namespace HeyGemExport.Library;

/// <summary>Containers as people call them.</summary>
internal static class ContainerName
{
    /// <summary>The container that an extension announces; null for other extensions.</summary>
    public static string? OfExtension(string extension) => extension.ToUpperInvariant() switch
    {
        ".MP4" or ".M4V" => "MP4",
        ".MOV" => "MOV",
        ".AVI" => "AVI",
        ".MKV" => "MKV",
        ".WEBM" => "WebM",
        _ => null,
    };

    /// <summary>The container that the content is, where it was read to its end; null where it was only recognized.</summary>
    public static string? OfFacts(MediaFacts? facts) => OfExtension("." + facts?.Container);

    /// <summary>Whether two names are of containers that are read alike.</summary>
    public static bool IsSame(string one, string other) => string.Equals(Family(one), Family(other), StringComparison.Ordinal);

    private static string Family(string name) => name switch { "MOV" => "MP4", "WebM" => "MKV", _ => name };
}
