namespace HeyGemExport.Testing;

/// <summary>What the whole process allocates, on whichever thread.</summary>
public static class Allocated
{
    /// <summary>The collection of the tests that ask: no other runs beside them.</summary>
    public const string Alone = "alone";

    /// <summary>The least of some attempts: the runtime works in the background, too.</summary>
    public static async Task<long> ByAsync<T>(Func<Task<T>> work)
    {
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await work();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }
}
