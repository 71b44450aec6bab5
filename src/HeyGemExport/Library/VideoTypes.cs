namespace HeyGemExport.Library;

/// <summary>Media types of videos (IANA's registry where they are in it), by which browsers choose a player.</summary>
internal static class VideoTypes
{
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
