namespace HeyGemExport.Library.Containers;

/// <summary>What a video is made of, as its container says. What it does not say, or what nobody here knows a name for, is null.</summary>
/// <param name="Container"><c>mp4</c>, <c>mov</c>, <c>avi</c>, <c>matroska</c> or <c>webm</c>.</param>
/// <param name="VideoCodec">Codec of the first video track, by the name that FFmpeg gives it (<c>h264</c>).</param>
/// <param name="AudioCodec">Codec of the first audio track, likewise (<c>aac</c>).</param>
/// <param name="FrameRate">Frames a second of the first video track, on average.</param>
public sealed record MediaFacts(string Container, string? VideoCodec = null, string? AudioCodec = null, double? FrameRate = null);
