namespace HeyGemExport.Library;

internal static class SaturatingSum
{
    /// <summary>Of lengths: sparse files can be of exabytes, and a few of them have no sum that fits.</summary>
    public static long SumBytes<T>(this IEnumerable<T> items, Func<T, long> bytes)
    {
        var sum = 0L;
        foreach (var item in items)
        {
            sum = Add(sum, bytes(item));
        }

        return sum;
    }

    /// <summary>Of lengths, which are never negative.</summary>
    public static long Add(long sum, long bytes) => sum > long.MaxValue - bytes ? long.MaxValue : sum + bytes;
}
