using HeyGemExport.Media;

namespace HeyGemExport.Library;

/// <summary>What was seen of a file, look after look.</summary>
internal sealed class Observation(string path)
{
    public string Path => path;

    public long Bytes { get; set; }

    public DateTimeOffset ModifiedAt { get; set; }

    /// <summary>When it was first seen with this length and time.</summary>
    public long Since { get; set; }

    public bool Settled { get; set; }

    public int Look { get; set; }

    /// <summary>The longest time after which it was seen to grow.</summary>
    public TimeSpan Pause { get; set; }

    public long? WriterSeenAt { get; set; }

    /// <summary>What its content makes it; null until it was read.</summary>
    public Video? Video { get; set; }

    public MediaReport? Report { get; set; }

    public long InspectedAt { get; set; }
}
