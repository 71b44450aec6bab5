
namespace HeyGemExport.Media.Matroska;

/// <summary>Goes through the elements of a segment.</summary>
internal sealed class SegmentWalk(ByteSource source, ByteWindow window, EbmlElement segment, List<MediaFinding> notes)
{
    /// <summary>By so many bytes the length of the segment may be wrong.</summary>
    private const int Slack = 64;

    /// <summary>Zeros between elements: up to a cluster of a disk.</summary>
    private const int MaxPadding = 64 * 1024;

    /// <summary>The clusters in so many bytes of the file are read block by block; of later ones the last.</summary>
    private const long ReadThrough = 8L * 1024 * 1024;

    private const int LastClusters = 8;

    private readonly long limit = Math.Min(segment.End ?? source.Length, source.Length);
    private readonly Queue<EbmlElement> unread = new();
    private IReadOnlyList<MatroskaTrack> tracks = [];
    private ClusterReader? clusters;
    private long firstCluster = -1;
    private bool isCued;
    private bool isClusterOpen;
    private bool isEnded;
    private MediaFinding? defect;

    /// <summary>The tracks, as soon as they have been read.</summary>
    public IReadOnlyList<MatroskaTrack> Tracks
    {
        set
        {
            tracks = value;
            clusters = null;
        }
    }

    /// <summary>The clusters that were read.</summary>
    public ClusterReader Clusters => clusters ??= new ClusterReader(source, window, tracks);

    /// <summary>Reads all elements; gives why the segment is damaged, or null.</summary>
    /// <param name="take">Takes an element that is no cluster.</param>
    public MediaFinding? Read(Action<EbmlElement> take)
    {
        defect = WasInterrupted() ? Findings.Interrupted : null;
        var offset = segment.Content;
        while (offset < limit && !isEnded && source.TryCount())
        {
            offset = Step(offset, take);
        }

        if (!isEnded && segment.End is { } end && end > source.Length && !source.IsExhausted)
        {
            EndBetween(end - source.Length);
        }
        else if (!isEnded && offset < source.Length && !source.IsExhausted)
        {
            notes.Add(Findings.TrailingBytes(source.Length - offset));
        }

        return defect;
    }

    /// <summary>Reads the last clusters, as far as they have not been read and until there is a picture.</summary>
    public MediaFinding? ReadLastClusters()
    {
        foreach (var cluster in unread.Reverse())
        {
            if (Clusters.Read(cluster.Content, cluster.End).Defect is { } damage)
            {
                return damage;
            }

            if (Clusters.LastPicture?.Offset > cluster.Start)
            {
                break;
            }
        }

        return null;
    }

    // Where it can go back, FFmpeg reserves the place of SeekHead by a Void, and fills in both and the length when it ends.
    private bool WasInterrupted()
    {
        var offset = segment.Content;
        if (EbmlElement.Parse(window.Get(offset, EbmlElement.LargestHeader), offset) is { Id: MatroskaIds.Crc, End: { } next })
        {
            offset = next;
        }

        return segment.End is null && EbmlElement.Parse(window.Get(offset, EbmlElement.LargestHeader), offset) is { Id: MatroskaIds.Void };
    }

    private long Step(long offset, Action<EbmlElement> take)
    {
        var header = window.Get(offset, EbmlElement.LargestHeader);
        if (header[0] == 0)
        {
            return SkipZeros(offset);
        }

        if (EbmlElement.Parse(header, offset) is not { } element)
        {
            return EndAtJunk(offset, header);
        }

        if (isClusterOpen && MatroskaIds.IsOfCluster(element.Id) && element.Id is not (MatroskaIds.Void or MatroskaIds.Crc))
        {
            return ReadCluster(element with { Content = offset, End = null });
        }

        if (element.Id is MatroskaIds.Header or MatroskaIds.Segment)
        {
            notes.Add(Findings.TrailingBytes(source.Length - offset));
            return End();
        }

        if (element.End is null && element.Id != MatroskaIds.Cluster)
        {
            return EndAtJunk(offset, header);
        }

        if (element.End > source.Length)
        {
            return EndInside(element);
        }

        if (element.Id == MatroskaIds.Cluster)
        {
            return ReadCluster(element);
        }

        isCued |= element.Id == MatroskaIds.Cues && firstCluster >= 0;
        take(element);
        return element.End!.Value;
    }

    private long ReadCluster(EbmlElement cluster)
    {
        isClusterOpen = cluster.End is null;
        firstCluster = firstCluster < 0 ? cluster.Start : firstCluster;
        if (cluster.End is not { } end || cluster.Start - firstCluster < ReadThrough || Clusters.Pictures == 0)
        {
            var (reached, damage) = Clusters.Read(cluster.Content, cluster.End);
            defect ??= damage;
            unread.Clear();
            return damage is not null ? End()
                : reached > cluster.Start ? cluster.End ?? reached
                : EndAtJunk(reached, window.Get(reached, EbmlElement.LargestHeader));
        }

        unread.Enqueue(cluster);
        if (unread.Count > LastClusters)
        {
            unread.Dequeue();
        }

        return end;
    }

    private long End()
    {
        isEnded = true;
        return source.Length;
    }

    private long SkipZeros(long offset)
    {
        for (var at = offset; at < Math.Min(limit, offset + MaxPadding); at += ByteWindow.Capacity)
        {
            var bytes = window.Get(at, (int)Math.Min(ByteWindow.Capacity, limit - at));
            if (bytes.IndexOfAnyExcept((byte)0) is not (>= 0 and var skip))
            {
                continue;
            }

            var next = EbmlElement.Parse(window.Get(at + skip, EbmlElement.LargestHeader), at + skip)?.Id ?? 0;
            if (MatroskaIds.IsOfSegment(next) || next == MatroskaIds.Void || (isClusterOpen && MatroskaIds.IsOfCluster(next)))
            {
                return at + skip;
            }

            defect ??= Findings.Damaged(offset);
            return End();
        }

        if (segment.End is null || isCued)
        {
            notes.Add(Findings.TrailingBytes(source.Length - offset));
        }
        else
        {
            defect ??= Findings.NotCopied(offset);
        }

        return End();
    }

    private long EndAtJunk(long offset, ReadOnlySpan<byte> header)
    {
        ReadOnlySpan<byte> cluster = [0x1F, 0x43, 0xB6, 0x75];
        if (segment.End > source.Length + Slack || (header.Length < EbmlElement.LargestHeader && header[0] == cluster[0]
            && header.StartsWith(cluster[..Math.Min(header.Length, 4)])))
        {
            defect ??= Findings.CutShort(Math.Max(1, (segment.End ?? 0) - source.Length), source.Length);
        }
        else if (segment.End is null || limit - offset <= Slack)
        {
            notes.Add(Findings.TrailingBytes(source.Length - offset));
        }
        else
        {
            defect ??= Findings.Damaged(offset);
        }

        return End();
    }

    /// <summary>Judges the last element, which the file does not hold to its end.</summary>
    private long EndInside(EbmlElement element)
    {
        var missing = element.End!.Value - source.Length;
        if (element.Id == MatroskaIds.Cluster || firstCluster < 0)
        {
            defect ??= Findings.CutShort(missing, source.Length);
        }
        else if (segment.End is null && !MatroskaIds.IsOfSegment(element.Id) && element.Id != MatroskaIds.Void)
        {
            notes.Add(Findings.TrailingBytes(source.Length - element.Start));
        }
        else
        {
            notes.Add(Findings.EndCut(missing));
        }

        return End();
    }

    // Nothing tells what was to come next.
    private void EndBetween(long missing)
    {
        if (missing <= Slack || isCued)
        {
            notes.Add(Findings.LengthsOff);
        }
        else
        {
            defect ??= Findings.CutShort(missing, source.Length);
        }
    }
}
