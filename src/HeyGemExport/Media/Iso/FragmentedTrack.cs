namespace HeyGemExport.Media.Iso;

/// <summary>What the fragments hold of one track, added up (ISO/IEC 14496-12, 8.8).</summary>
internal sealed class FragmentedTrack
{
    private ulong? end;

    private int firstDelay;
    private int leastDelay;

    /// <summary>How much later its first sample is shown than it is decoded, in ticks, when none is shown before it is decoded.</summary>
    public long Delay => firstDelay - (long)leastDelay;

    /// <summary>How long a sample lasts, in ticks, where its fragment does not say (<c>trex</c>).</summary>
    public uint DefaultDuration { get; set; }

    /// <summary>Bytes of a sample, likewise.</summary>
    public uint DefaultSize { get; set; }

    /// <summary>Samples in all fragments.</summary>
    public long Samples { get; private set; }

    /// <summary>Those with content.</summary>
    public long Filled { get; private set; }

    /// <summary>Ticks that all of them last.</summary>
    public ulong Duration { get; private set; }

    /// <summary>The last sample that is long enough to be looked into.</summary>
    public SampleRange? Last { get; private set; }

    /// <summary>When the last sample ends, in ticks. Without <c>tfdt</c> the fragments follow each other.</summary>
    /// <param name="begin">When the samples outside fragments end.</param>
    public ulong Ticks(ulong begin) => end ?? begin + Duration;

    /// <summary>Adds a run of samples.</summary>
    public void Add(RunTotals run)
    {
        firstDelay = Samples == 0 ? run.FirstDelay : firstDelay;
        leastDelay = Math.Min(leastDelay, run.LeastDelay);
        Samples += run.Samples;
        Filled += run.Filled;
        Duration += run.Duration;
        Last = run.Last ?? Last;
    }

    /// <summary>Ends a fragment that told when it begins.</summary>
    public void EndFragment(ulong begin, ulong duration) => end = Math.Max(end ?? 0, begin + duration);
}

/// <summary>The samples of one <c>trun</c>.</summary>
internal readonly record struct RunTotals(long Samples, long Filled, ulong Duration, long Bytes, SampleRange? Last, int FirstDelay = 0,
    int LeastDelay = 0);
