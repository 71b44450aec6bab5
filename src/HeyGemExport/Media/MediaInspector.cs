using HeyGemExport.Media.Avi;
using HeyGemExport.Media.Iso;
using HeyGemExport.Media.Matroska;

namespace HeyGemExport.Media;

/// <summary>
/// Tells what a video file is and whether it plays to its end, by its content. It has to have a picture track with a picture, and
/// every sample that its tables, fragments, chunks or clusters refer to has to lie inside the file; anything else that is odd is a note.
/// Reads headers and tables, not the media.
/// </summary>
internal static class MediaInspector
{
    private const int HeadBytes = 1024;
    private const int TagHeader = 10;

    /// <summary>Inspects a seekable stream from its beginning. Reads synchronously.</summary>
    /// <exception cref="IOException">Reading failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static MediaReport Inspect(Stream stream, CancellationToken cancellationToken = default)
    {
        var source = new ByteSource(stream, cancellationToken);
        if (source.Length == 0)
        {
            return MediaReport.Broken(Findings.Empty);
        }

        var start = SkipTag(source.Copy(0, TagHeader));
        ReadOnlySpan<byte> head = source.Copy(start, HeadBytes);
        return head switch
        {
            _ when MatroskaReader.Begins(head) => new MatroskaReader(source).Read(start),
            _ when AviReader.Begins(head) => new AviReader(source).Read(start),
            _ when OtherContainers.Recognize(head) is { } other =>
                new MediaReport(new MediaFacts(other), null, [Findings.NotChecked(other)]),
            _ => new IsoReader(source).Read(start),
        };
    }

    // ID3v2 (id3.org, "ID3v2 header"): its length has seven bits in each of four bytes.
    private static long SkipTag(ReadOnlySpan<byte> head)
    {
        if (head.Length < TagHeader || !head.StartsWith("ID3"u8) || ((head[6] | head[7] | head[8] | head[9]) & 0x80) != 0)
        {
            return 0;
        }

        var size = (head[6] << 21) | (head[7] << 14) | (head[8] << 7) | head[9];
        var footer = (head[5] & 0x10) != 0 ? TagHeader : 0;
        return TagHeader + size + footer;
    }
}
