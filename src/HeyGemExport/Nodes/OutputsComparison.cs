using System.IO.Hashing;
using System.Runtime.InteropServices;
using HeyGemExport.Library;

namespace HeyGemExport.Nodes;

/// <summary>Whether other nodes see the same files in the outputs folder. Nothing can be written there, so that paths and lengths are
/// compared, of all files that were last written before the same moment.</summary>
internal sealed class OutputsComparison
{
    /// <summary>Nodes that look within the same step compare the same files.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    /// <summary>By then each node has found what was written: it scans everything each half minute at least.</summary>
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(2);

    /// <summary>A file that is deleted, or moved here with an old time, is seen by each node in its own time.</summary>
    private const int MismatchesThatCount = 3;

    private readonly Dictionary<DateTimeOffset, long> looks = [];
    private volatile IReadOnlyDictionary<string, Comparison?> comparisons = new Dictionary<string, Comparison?>(StringComparer.Ordinal);

    /// <summary>What this node sees; null while the folder cannot be listed.</summary>
    public Look? Own { get; private set; }

    /// <param name="now">The time of the database, which all nodes have in common.</param>
    public void LookAt(LibrarySnapshot library, DateTimeOffset now)
    {
        var at = new DateTimeOffset(now.Ticks - (now.Ticks % Step.Ticks), TimeSpan.Zero) - Lag;
        if (library.ScannedAt is null || library.Fault is not null)
        {
            Own = null;
        }
        else if (looks.TryAdd(at, 0))
        {
            Own = new Look(at, looks[at] = Sum(library, at));
            looks.Keys.Where(known => known < at - Memory).ToList().ForEach(known => looks.Remove(known));
        }
    }

    public void Compare(IEnumerable<Node> others) => comparisons = others.ToDictionary(
        other => other.Name, other => Compare(comparisons.GetValueOrDefault(other.Name), other), StringComparer.Ordinal);

    /// <summary>Null when it is not known yet.</summary>
    public bool? SeesTheSame(Node other) => comparisons.GetValueOrDefault(other.Name) switch
    {
        null => null,
        { Mismatches: 0 } => true,
        { HasMatched: true, Mismatches: < MismatchesThatCount } => true,
        _ => false,
    };

    /// <summary>The writer's clock may be behind: what is still being written is left out whatever its time.</summary>
    /// <returns>The same whatever the order of the files.</returns>
    public static long Sum(LibrarySnapshot library, DateTimeOffset before) => library.Videos
        .Where(video => video.ModifiedAt < before && video.State is not VideoState.Writing)
        .Aggregate(0L, (sum, video) => sum ^ (long)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(video.Path.AsSpan()), video.Bytes));

    private Comparison? Compare(Comparison? before, Node other)
    {
        if (other is not { OutputsAt: { } at, Outputs: { } sum } || before?.At >= at || !looks.TryGetValue(at, out var own))
        {
            return before;
        }

        return sum == own ? new(at, HasMatched: true, 0) : new(at, before?.HasMatched == true, (before?.Mismatches ?? 0) + 1);
    }

    internal readonly record struct Look(DateTimeOffset At, long Outputs);

    private sealed record Comparison(DateTimeOffset At, bool HasMatched, int Mismatches);
}
