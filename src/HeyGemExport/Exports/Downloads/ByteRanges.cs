namespace HeyGemExport.Exports.Downloads;

/// <summary>Which bytes of an archive have been sent: sorted ranges that neither touch nor overlap. Immutable.</summary>
internal sealed class ByteRanges
{
    /// <summary>The most ranges that are kept; beyond it the smallest are dropped, which claims less than was sent.</summary>
    public const int MaxRanges = 1000;

    private readonly List<long[]> ranges;

    private ByteRanges(List<long[]> ranges) => this.ranges = ranges;

    public static ByteRanges FromPairs(IEnumerable<long[]> pairs) => new([.. pairs]);

    /// <summary>Pairs of the first byte and the byte after the last.</summary>
    public IReadOnlyList<long[]> ToPairs() => ranges;

    public long Total => ranges.Sum(range => range[1] - range[0]);

    public bool Hold(long from, long count) =>
        count == 0 || ranges.Exists(range => range[0] <= from && from + count <= range[1]);

    public ByteRanges Add(long from, long count)
    {
        if (count <= 0)
        {
            return this;
        }

        var merged = new List<long[]>();
        foreach (var range in ranges.Append([from, from + count]).OrderBy(range => range[0]))
        {
            if (merged.Count > 0 && range[0] <= merged[^1][1])
            {
                merged[^1] = [merged[^1][0], Math.Max(merged[^1][1], range[1])];
            }
            else
            {
                merged.Add(range);
            }
        }

        return new ByteRanges(merged.Count <= MaxRanges
            ? merged
            : [.. merged.OrderByDescending(range => range[1] - range[0]).Take(MaxRanges).OrderBy(range => range[0])]);
    }
}
