namespace HeyGemExport.Media.Iso;

/// <summary>
/// MP4 and QuickTime: boxes of a length and a type (ISO/IEC 14496-12, QuickTime File Format). Boxes of any type may stand anywhere;
/// what counts is where the tables of <c>moov</c> and the fragments lead.
/// </summary>
internal sealed class IsoReader(ByteSource source)
{
    /// <summary>Longer sample tables are read in part: with them, a file of 300 MB costs less than 1 MB of reading.</summary>
    private const int MaxTableBytes = 640 * 1024;

    /// <summary>Bytes behind the last box that are searched for fragments out of place.</summary>
    private const int MaxSearch = 1024 * 1024;

    private static readonly string[] WithoutMedia = ["free", "skip", "wide", "uuid", "udta", "meta", "mfra", "sidx", "ssix", "emsg",
        "prft", "styp"];

    private readonly ByteWindow window = new(source);
    private readonly List<MediaFinding> notes = [];
    private readonly FragmentIndexes indexes = new(source, new ByteWindow(source));

    private IsoMovie? movie;
    private FragmentReader? fragments;
    private MediaFinding? defect;
    private string? brand;
    private bool isKnown;
    private long movieStart;
    private int fragmentsBeforeMovie;
    private long end;

    /// <summary>Reads a file whose boxes begin at an offset.</summary>
    public MediaReport Read(long start)
    {
        Walk(start);
        ReadEarlierFragments(start);
        if (!isKnown)
        {
            return MediaReport.Broken(Findings.NotAVideo);
        }

        // Only QuickTime goes without a brand, or has this one (QuickTime File Format, "The File Type Compatibility Atom").
        var container = brand is null or "qt  " ? "mov" : "mp4";
        if (movie is null)
        {
            return new MediaReport(new MediaFacts(container), defect
                ?? (source.IsExhausted ? Findings.TooManyParts : Findings.MoovMissing), []);
        }

        defect ??= FindDefect(movie);
        if (source.IsExhausted)
        {
            notes.Add(Findings.CheckedInPart);
        }

        return new MediaReport(movie.Describe(container, fragments is { Count: > 0 }), defect, defect is null ? notes : []);
    }

    private void Walk(long start)
    {
        for (end = start; end < source.Length && source.TryCount();)
        {
            if (IsoBox.At(window, end, source.Length) is not { } box)
            {
                EndBehind(window.Get(end, IsoBox.SmallHeader));
                return;
            }

            isKnown |= box.Is("ftyp"u8) || box.Is("moov"u8) || box.Is("mdat"u8) || box.Is("moof"u8) || box.Is("styp"u8)
                || ((box.Is("free"u8) || box.Is("skip"u8) || box.Is("wide"u8)) && box.End <= source.Length);
            if (box.End > source.Length)
            {
                EndInside(box);
                return;
            }

            if (fragments is { Count: > 0 } && !box.IsPrintable && IsFragmentBehind(box.Content))
            {
                defect ??= Findings.Damaged(box.Start);
            }

            Take(box);
            end = box.End;
        }
    }

    // Only the movie tells what a fragment leaves out.
    private void ReadEarlierFragments(long start)
    {
        for (var offset = start; fragmentsBeforeMovie > 0 && offset < movieStart
            && IsoBox.At(window, offset, source.Length) is { } box; offset = box.End)
        {
            if (box.Is("moof"u8))
            {
                fragments!.Read(box);
            }
        }
    }

    private void Take(IsoBox box)
    {
        if (box.Is("moov"u8) && movie is null)
        {
            movieStart = box.Start;
            movie = IsoMovie.Read(source, window, box);
            fragments = new FragmentReader(source, window, movie.ByNumber);
        }
        else if (box.Is("moof"u8))
        {
            // A fragment that begins in the data of the one before it has taken its place.
            defect ??= fragments?.MissingAt(box) is > 0 and var missing ? Findings.CutShort(missing, source.Length) : null;
            fragmentsBeforeMovie += movie is null ? 1 : 0;
            fragments?.Read(box);
        }
        else if (box.Is("ftyp"u8))
        {
            brand ??= IsoBox.TextOf(window.Get(box.Content, (int)Math.Min(4, box.Size)));
        }
        else if (box.Is("sidx"u8))
        {
            indexes.ReadSegments(box);
        }
        else if (box.Is("mfra"u8))
        {
            indexes.ReadFragments(box);
        }
    }

    // Behind fragments, what is shorter than a header can be the beginning of the next one's length.
    private void EndBehind(ReadOnlySpan<byte> rest)
    {
        if (fragments is { Count: > 0 } && rest.Length < IsoBox.SmallHeader && rest[0] == 0 && rest.ContainsAnyExcept((byte)0))
        {
            defect ??= Findings.CutShort(IsoBox.SmallHeader - rest.Length, source.Length);
        }
        else if (fragments is { Count: > 0 } && IsFragmentBehind(end))
        {
            defect ??= Findings.Damaged(end);
        }

        notes.Add(Findings.TrailingBytes(source.Length - end));
    }

    private bool IsFragmentBehind(long offset)
    {
        ReadOnlySpan<byte> rest = source.Copy(offset, MaxSearch);
        return rest.IndexOf("moof"u8) >= 0 || rest.IndexOf("tfra"u8) >= 0;
    }

    /// <summary>Judges the last box, which the file does not hold to its end.</summary>
    private void EndInside(IsoBox box)
    {
        var missing = box.End - source.Length;
        if (box.Is("moov"u8) && movie is null)
        {
            defect = Findings.IndexCut(missing);
        }
        else if (box.Is("moof"u8))
        {
            defect = Findings.CutShort(missing, source.Length);
        }
        else if (box.Is("mdat"u8))
        {
            // The tables tell whether anything is missed.
            end = source.Length;
            notes.Add(Findings.LengthsOff);
        }
        else if (fragments is { Count: > 0 } && IsFragmentBehind(box.Start + IsoBox.SmallHeader))
        {
            defect ??= Findings.Damaged(box.Start);
        }
        else
        {
            notes.Add(Array.Exists(WithoutMedia, box.IsNamed) ? Findings.EndCut(missing)
                : Findings.TrailingBytes(source.Length - box.Start));
        }
    }

    private MediaFinding? FindDefect(IsoMovie found)
    {
        if (found.Pictures is null)
        {
            return Findings.NoPictureTrack;
        }

        var budget = MaxTableBytes;
        long pictures = 0;
        List<MediaFinding> zeros = [];
        foreach (var track in found.Tracks)
        {
            var extent = track.Samples.Bytes <= budget ? track.Samples.ReadAll() : track.Samples.ReadEnds();
            budget -= (int)Math.Min(budget, track.Samples.Bytes);
            pictures += track.IsPictures ? extent.Samples + track.Fragments.Filled : 0;
            if (extent.End > source.Length)
            {
                return Findings.CutShort(extent.End - source.Length, source.Length);
            }

            AddZeros(track, extent, zeros);
        }

        return PromisesUnkept() ?? (pictures == 0 ? Findings.NoPictures : zeros.Count > 0 ? zeros[0] : null);
    }

    private MediaFinding? PromisesUnkept()
    {
        var last = Math.Max(fragments?.End ?? 0, indexes.SegmentsEnd);
        if (last > source.Length)
        {
            return Findings.CutShort(last - source.Length, source.Length);
        }

        if (fragments?.DamagedAt is { } damaged)
        {
            return Findings.Damaged(damaged);
        }

        if (fragments?.End > end && !source.IsExhausted)
        {
            // What they refer to lies in what follows the last box.
            return Findings.NotCopied(end);
        }

        var listed = indexes.Listed - (fragments?.Count ?? 0);
        return source.IsExhausted || (listed <= 0 && !indexes.ListsPastEnd) ? null : Findings.PartsMissing(Math.Max(1, listed));
    }

    private void AddZeros(IsoTrack track, SampleExtent extent, List<MediaFinding> zeros)
    {
        var (code, codec) = (track.Entry.Code, track.Entry.Codec);
        if (track.IsPictures ? !SampleContent.IsNeverZeroPicture(codec, code) : !track.IsSound || !SampleContent.IsNeverZeroSound(codec))
        {
            return;
        }

        foreach (var sample in (SampleRange?[])[.. extent.Probes, extent.Last, track.Fragments.Last])
        {
            if (sample is { } range && range.Offset + range.Size <= source.Length && SampleContent.IsUnwritten(source, range, codec))
            {
                zeros.Add(Findings.NotCopied(range.Offset));
                return;
            }
        }
    }
}
