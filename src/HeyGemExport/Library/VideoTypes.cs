namespace HeyGemExport.Library;

/// <summary>Media types of videos (IANA's registry where they are in it), by which browsers choose a player.</summary>
internal static class VideoTypes
{
    // HEVC in MP4 may still fail, and the player then says so.
    private static readonly string[] Played = [".mp4", ".mov", ".m4v", ".webm"];

    /// <summary>Whether current browsers play such a file.</summary>
    public static bool IsPlayed(string path) => Played.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    public static string Of(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".MP4" or ".M4V" => "video/mp4",
        ".MOV" => "video/quicktime",
        ".MKV" => "video/x-matroska",
        ".AVI" => "video/x-msvideo",
        ".WEBM" => "video/webm",
        _ => "application/octet-stream",
    };
}
