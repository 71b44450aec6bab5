using System.Buffers.Binary;

namespace HeyGemExport.Media.Matroska;

/// <summary>Reads the blocks of clusters: to which track they belong, when they are shown, where their content lies (RFC 9559,
/// 10).</summary>
internal sealed class ClusterReader(ByteSource source, ByteWindow window, IReadOnlyList<MatroskaTrack> tracks)
{
    private ulong timestamp;
    private long earliestPicture = long.MaxValue;
    private long latestPicture = long.MinValue;

    /// <summary>Pictures with content in the clusters read.</summary>
    public long Pictures { get; private set; }

    /// <summary>The picture that lies last, of those long enough to be looked into.</summary>
    public SampleRange? LastPicture { get; private set; }

    /// <summary>The block that lies last, of all tracks whose codec never writes zeros.</summary>
    public SampleRange? LastBlock { get; private set; }

    /// <summary>When the last block begins, in units of the segment's time scale; 0 before the first.</summary>
    public long Latest { get; private set; }

    /// <summary>Time between pictures, on average over the clusters read, in the same units; 0 with less than two.</summary>
    public double PictureTime => Pictures > 1 ? (latestPicture - earliestPicture) / (double)(Pictures - 1) : 0;

    /// <summary>Reads the cluster whose content begins at an offset. Gives where it ended, and why it is damaged, or null.</summary>
    /// <param name="content">Where its content begins.</param>
    /// <param name="end">Where it ends; null where its length is open, so that it ends before an element of a segment.</param>
    public (long End, MediaFinding? Defect) Read(long content, long? end)
    {
        timestamp = 0;
        var offset = content;
        while (offset < (end ?? source.Length) && source.TryCount())
        {
            var header = window.Get(offset, EbmlElement.LargestHeader);
            if (EbmlElement.Parse(header, offset) is not { } element || element is { End: null, Id: not MatroskaIds.Cluster })
            {
                // What is behind a cluster of open length is for the segment to judge.
                return (offset, end is null ? null : header[0] == 0 ? Findings.NotCopied(offset) : Findings.Damaged(offset));
            }

            if (end is null && (MatroskaIds.IsOfSegment(element.Id) || element.Id is MatroskaIds.Header or MatroskaIds.Segment))
            {
                return (offset, null);
            }

            if (element.End > (end ?? source.Length))
            {
                return end is null && MatroskaIds.IsOfCluster(element.Id)
                    ? (offset, Findings.CutShort(element.End.Value - source.Length, source.Length))
                    : (offset, end is null ? null : Findings.Damaged(offset));
            }

            Take(element);
            offset = element.End ?? element.Content;
        }

        return (offset, null);
    }

    private void Take(EbmlElement element)
    {
        switch (element.Id)
        {
            case MatroskaIds.Timestamp:
                timestamp = EbmlElement.Number(window.Get(element.Content, (int)Math.Min(8, element.End!.Value - element.Content)));
                break;
            case MatroskaIds.SimpleBlock:
                TakeBlock(element.Content, element.End!.Value);
                break;
            case MatroskaIds.BlockGroup:
                TakeGroup(element);
                break;
        }
    }

    private void TakeGroup(EbmlElement group)
    {
        for (var offset = group.Content; offset < group.End && source.TryCount();)
        {
            if (EbmlElement.Parse(window.Get(offset, EbmlElement.LargestHeader), offset) is not { End: { } end } element || end > group.End)
            {
                return;
            }

            if (element.Id == MatroskaIds.Block)
            {
                TakeBlock(element.Content, end);
            }

            offset = end;
        }
    }

    // The track's number, two bytes of time relative to the cluster's, flags; then the frames.
    private void TakeBlock(long start, long end)
    {
        var header = window.Get(start, (int)Math.Min(EbmlElement.LargestHeader, end - start));
        var length = header.IsEmpty ? 0 : EbmlElement.LengthOf(header[0]);
        if (length == 0 || header.Length < length + 3)
        {
            return;
        }

        var number = EbmlElement.Number(header[..length]) & ((1UL << (7 * length)) - 1);
        var track = tracks.FirstOrDefault(track => track.Number == number);
        var content = new SampleRange(start + length + 3, end - start - length - 3);
        if (track is null || content.Size == 0)
        {
            return;
        }

        var time = (long)Math.Min(timestamp, long.MaxValue / 2) + BinaryPrimitives.ReadInt16BigEndian(header[length..]);
        Latest = Math.Max(Latest, time);
        if (track.IsPictures)
        {
            Pictures++;
            (earliestPicture, latestPicture) = (Math.Min(earliestPicture, time), Math.Max(latestPicture, time));
        }

        if (content.Size >= SampleContent.ShortestCheckable
            && (track.IsPictures ? SampleContent.IsNeverZeroPicture(track.Codec, track.Code) : SampleContent.IsNeverZeroSound(track.Codec)))
        {
            LastBlock = LastBlock?.Offset > content.Offset ? LastBlock : content;
            LastPicture = !track.IsPictures || LastPicture?.Offset > content.Offset ? LastPicture : content;
        }
    }
}
