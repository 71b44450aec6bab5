
namespace HeyGemExport.Media.Matroska;

/// <summary>Matroska and WebM: elements of an id and a length (RFC 8794, RFC 9559). Unknown ones are skipped, as the RFC wants; what
/// counts is that the clusters are there with what they hold.</summary>
internal sealed class MatroskaReader(ByteSource source)
{
    private const int MaxInfoBytes = 64 * 1024;
    private const int MaxTracksBytes = 1024 * 1024;

    private readonly ByteWindow window = new(source);
    private readonly List<MediaFinding> notes = [];
    private string container = "mkv";
    private List<MatroskaTrack> tracks = [];
    private (ulong Scale, double? Duration) info = (1_000_000, null);

    /// <summary>Whether a file begins as a Matroska.</summary>
    public static bool Begins(ReadOnlySpan<byte> head) => head.Length >= 4 && EbmlElement.Number(head[..4]) == MatroskaIds.Header;

    /// <summary>Reads a file whose EBML header begins at an offset.</summary>
    public MediaReport Read(long start)
    {
        for (var offset = start; offset < source.Length && source.TryCount();)
        {
            if (EbmlElement.Parse(window.Get(offset, EbmlElement.LargestHeader), offset) is not { } element)
            {
                break;
            }

            if (element.Id == MatroskaIds.Segment)
            {
                return ReadSegment(element);
            }

            container = element.Id == MatroskaIds.Header && IsWebm(source.Copy(element.Content, ContentBytes(element, MaxInfoBytes)))
                ? "webm" : container;
            offset = element.End ?? source.Length;
        }

        return new MediaReport(new MediaFacts(container), Findings.NoPictures, []);
    }

    private static bool IsWebm(ReadOnlySpan<byte> header)
    {
        while (EbmlElement.TryTake(ref header, out var id, out var content))
        {
            if (id == MatroskaIds.DocType)
            {
                return content.TrimEnd((byte)0).SequenceEqual("webm"u8);
            }
        }

        return false;
    }

    private static long ContentBytes(EbmlElement element, int most) => Math.Min(most, (element.End ?? long.MaxValue) - element.Content);

    private MediaReport ReadSegment(EbmlElement segment)
    {
        var walk = new SegmentWalk(source, window, segment, notes);
        var defect = walk.Read(element =>
        {
            if (element.Id == MatroskaIds.Info)
            {
                info = MatroskaTracks.ReadInfo(source.Copy(element.Content, ContentBytes(element, MaxInfoBytes)));
            }
            else if (element.Id == MatroskaIds.Tracks && tracks.Count == 0)
            {
                tracks = MatroskaTracks.Read(source.Copy(element.Content, ContentBytes(element, MaxTracksBytes)));
                walk.Tracks = tracks;
            }
        });
        var pictureTime = walk.Clusters.PictureTime;
        defect ??= walk.ReadLastClusters() ?? FindDefect(walk.Clusters);
        if (source.IsExhausted)
        {
            notes.Add(Findings.CheckedInPart);
        }

        return new MediaReport(Describe(walk.Clusters, pictureTime), defect, defect is null ? notes : []);
    }

    private MediaFinding? FindDefect(ClusterReader clusters)
    {
        if (tracks.Count > 0 && !tracks.Exists(track => track.IsPictures))
        {
            return Findings.NoPictureTrack;
        }

        if (clusters.Pictures == 0)
        {
            return source.IsExhausted ? Findings.TooManyParts : Findings.NoPictures;
        }

        var codec = tracks.Find(track => track.IsPictures)?.Codec;
        foreach (var (sample, itsCodec) in ((SampleRange?, string?)[])[(clusters.LastPicture, codec), (clusters.LastBlock, null)])
        {
            if (sample is { } range && SampleContent.IsUnwritten(source, range, itsCodec))
            {
                return Findings.NotCopied(range.Offset);
            }
        }

        return null;
    }

    private MediaFacts Describe(ClusterReader clusters, double pictureTime)
    {
        var pictures = tracks.Find(track => track.IsPictures);
        double frame = pictures is { FrameTime: > 0 } ? pictures.FrameTime : pictureTime * info.Scale;
        return new MediaFacts(
            container,
            pictures?.Codec,
            tracks.Find(track => track.IsSound)?.Codec,
            MediaFacts.Rate(1e9 / frame),
            // A live writer does not know how long it will become.
            MediaFacts.Seconds((info.Duration ?? clusters.Latest + (frame / info.Scale)) * info.Scale / 1e9),
            pictures?.Width,
            pictures?.Height);
    }
}
