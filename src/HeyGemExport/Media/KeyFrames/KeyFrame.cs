using HeyGemExport.Media.Avi;
using HeyGemExport.Media.Matroska;

namespace HeyGemExport.Media.KeyFrames;

/// <summary>One picture of a video as a browser can show it, cut out without decoding anything.</summary>
/// <param name="ContentType"><c>video/mp4</c>, a video of this one picture, or <c>image/jpeg</c>.</param>
internal sealed record KeyFrame(string ContentType, byte[] Content)
{
    public const string Mp4 = "video/mp4";
    public const string Jpeg = "image/jpeg";

    /// <summary>Key frames that are looked at for one that is small enough.</summary>
    public const int Candidates = 20;

    /// <summary>What stands around the picture in an MP4, at most.</summary>
    private const int Mp4Overhead = 8 * 1024;

    private const int HeadBytes = 64;

    /// <summary>The first key frame after a tenth of the video that takes no more than <paramref name="maxBytes"/>; an earlier one where
    /// there is none. Null where there is none at all, or none in a form that browsers know.</summary>
    /// <exception cref="IOException">Reading failed.</exception>
    public static KeyFrame? Find(Stream stream, int maxBytes, CancellationToken cancellationToken = default)
    {
        var source = new ByteSource(stream, cancellationToken);
        ReadOnlySpan<byte> head = source.Copy(0, HeadBytes);
        var found = MatroskaReader.Begins(head) ? new MatroskaKeyFrames(source).Find(maxBytes)
            : AviReader.Begins(head) ? new AviKeyFrames(source).Find(maxBytes)
            : new IsoKeyFrames(source).Find(maxBytes);
        return found?.Content.Length <= maxBytes ? found : null;
    }

    /// <summary>Whether a picture and what stands around it can be within a limit.</summary>
    public static bool Fits(long size, int maxBytes, bool isJpeg) => size > 0 && size <= maxBytes - (isJpeg ? 0 : Mp4Overhead);

    /// <summary>The JPEG in a sample; null where it does not begin as one (ISO/IEC 10918-1, B.1.1.3).</summary>
    public static KeyFrame? OfJpeg(byte[] sample) => sample is [0xFF, 0xD8, 0xFF, ..] ? new(Jpeg, sample) : null;
}
