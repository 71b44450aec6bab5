
namespace HeyGemExport.Media.Avi;

/// <summary>AVI: a RIFF of chunks, with further <c>AVIX</c> RIFFs behind it past 1 GB (Microsoft AVI RIFF File
/// Reference; OpenDML AVI File Format Extensions). Lengths of lists may be off; what counts is where the frames lie.</summary>
internal sealed class AviReader(ByteSource source)
{
    /// <summary>By so many bytes the length of a list may be wrong.</summary>
    public const int Slack = 64;

    private const int SearchBefore = 4 * 1024;
    private const int SearchBytes = 12 * 1024;
    private const int IndexEntry = 16;

    private readonly ByteWindow window = new(source);
    private readonly List<MediaFinding> notes = [];
    private AviHeader header = AviHeader.None;

    /// <summary>Whether a file begins as an AVI.</summary>
    public static bool Begins(ReadOnlySpan<byte> head) => head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..].StartsWith("AVI"u8);

    /// <summary>Reads a file whose RIFF begins at an offset.</summary>
    public MediaReport Read(long start)
    {
        var riff = RiffChunk.At(window, start)!.Value;
        RiffChunk? movi = null;
        for (var offset = riff.Content; movi is null && RiffChunk.At(window, offset) is { } chunk && source.TryCount(); offset = chunk.Next)
        {
            header = chunk.IsListOf("hdrl"u8) ? AviHeader.Read(source, chunk.Content, chunk.End) : header;
            movi = chunk.IsListOf("movi"u8) ? chunk : null;
        }

        var frames = new AviFrames(header);
        var defect = movi is null ? Findings.NoPictures : FindDefect(riff, movi.Value, ref frames);
        return new MediaReport(Describe(frames), defect, defect is null ? notes : []);
    }

    private MediaFinding? FindDefect(RiffChunk riff, RiffChunk movi, ref AviFrames frames)
    {
        if (!header.Streams.Any(stream => stream.IsPictures))
        {
            return Findings.NoPictureTrack;
        }

        // Writers put a length in when they are done, those that can go back.
        var isOpen = movi.Size is 0 or uint.MaxValue || riff.Size is 0 or uint.MaxValue;
        if (isOpen && header.Streams.Any(stream => stream.HasReserve))
        {
            return Findings.Interrupted;
        }

        var end = isOpen ? source.Length : movi.End;
        var index = isOpen ? null : FindIndex(movi);
        var isIndexed = false;
        if (index is { } entries && new AviIndex(source, window, header).ReadEntries(entries.Start, entries.End, movi,
            riff.Start) is { } indexed)
        {
            isIndexed = indexed.End <= source.Length;
            frames = isIndexed ? indexed : frames;
        }

        var isLarge = new AviIndex(source, window, header).TryReadIndexes(frames, out var damagedAt);
        if (!isIndexed && !isLarge)
        {
            if (end > source.Length + Slack)
            {
                return Findings.CutShort(end - source.Length, source.Length);
            }

            notes.Add(isOpen ? Findings.LengthsOff : Findings.IndexOff);
            if (new AviWalk(source, window, header).Read(movi.Content, end, frames) is { } defect)
            {
                return defect;
            }

            if (source.IsExhausted)
            {
                notes.Add(Findings.CheckedInPart);
            }
        }

        AddNotes(riff, movi, isOpen, index?.End);
        return frames.End > source.Length ? Findings.CutShort(frames.End - source.Length, source.Length)
            : damagedAt is { } damaged && !(isIndexed && riff.Next >= source.Length - Slack) ? Findings.NotCopied(damaged)
            : FindZeros(frames) ?? FurtherRiffsDefect(riff, isLarge) ?? (frames.Pictures == 0 ? Findings.NoPictures : null);
    }

    private MediaFinding? FindZeros(AviFrames frames)
    {
        var codec = header.Streams.First(stream => stream.IsPictures).Codec;
        foreach (var (sample, itsCodec) in ((SampleRange?, string?)[])[(frames.LastPicture, codec), (frames.LastSound, null)])
        {
            if (sample is { } range && SampleContent.IsUnwritten(source, range, itsCodec))
            {
                return Findings.NotCopied(range.Offset);
            }
        }

        return null;
    }

    // Without OpenDML's indexes only their lengths tell whether further RIFFs are there.
    private MediaFinding? FurtherRiffsDefect(RiffChunk riff, bool isIndexed)
    {
        for (var offset = riff.Next; !isIndexed && RiffChunk.At(window, offset) is { } next && next.IsListOf("AVIX"u8)
            && source.TryCount(); offset = next.Next)
        {
            if (next.End > source.Length + Slack)
            {
                return Findings.CutShort(next.End - source.Length, source.Length);
            }
        }

        return null;
    }

    private void AddNotes(RiffChunk riff, RiffChunk movi, bool isOpen, long? indexEnd)
    {
        if (isOpen)
        {
            return;
        }

        var end = Math.Max(riff.Next, indexEnd ?? 0);
        while (RiffChunk.At(window, end) is { } next && next.IsListOf("AVIX"u8) && next.Next <= source.Length && source.TryCount())
        {
            end = next.Next;
        }

        if (riff.End > source.Length + Slack)
        {
            notes.Add(Findings.EndCut(riff.End - source.Length));
        }
        else if (riff.End > source.Length || movi.End > riff.End || indexEnd > riff.End)
        {
            notes.Add(Findings.LengthsOff);
        }
        else if (end < source.Length)
        {
            notes.Add(Findings.TrailingBytes(source.Length - end));
        }
    }

    /// <summary>Where the entries of <c>idx1</c> lie: behind the frames, or near their declared end.</summary>
    private (long Start, long End)? FindIndex(RiffChunk movi)
    {
        for (var offset = movi.Next; RiffChunk.At(window, offset) is { } chunk && chunk.End <= source.Length
            && source.TryCount(); offset = chunk.Next)
        {
            if (chunk.Is("idx1"u8))
            {
                return (offset + RiffChunk.Header, chunk.End);
            }

            if (chunk.Id == 0 || chunk.Is("RIFF"u8))
            {
                break;
            }
        }

        var from = Math.Max(movi.Content, Math.Min(movi.End, source.Length) - SearchBefore);
        var near = source.Copy(from, SearchBytes);
        for (var at = near.AsSpan().IndexOf("idx1"u8); at >= 0;)
        {
            var chunk = RiffChunk.At(window, from + at);
            if (chunk is { Size: > 0 } found && found.Size % IndexEntry == 0)
            {
                return (found.Start + RiffChunk.Header, Math.Min(found.End, source.Length));
            }

            var next = near.AsSpan(at + 4).IndexOf("idx1"u8);
            at = next < 0 ? -1 : at + 4 + next;
        }

        return null;
    }

    private MediaFacts Describe(AviFrames frames)
    {
        var pictures = header.Streams.FirstOrDefault(stream => stream.IsPictures);
        var longest = header.Streams
            .Select((stream, number) => stream.HasExactLength
                ? stream.Ticks * (stream.Length > 0 ? stream.Length : frames.CountOf(number)) : 0)
            .Where(double.IsFinite)
            .DefaultIfEmpty()
            .Max();
        return new MediaFacts(
            "avi",
            pictures?.Codec,
            header.Streams.FirstOrDefault(stream => stream.Kind is "auds")?.Codec,
            MediaFacts.Rate(1 / (pictures?.Ticks ?? 0)),
            MediaFacts.Seconds(longest),
            pictures?.Width ?? header.Width,
            pictures?.Height ?? header.Height);
    }
}
