using System.Threading.RateLimiting;

namespace HeyGemExport.Accounts;

/// <summary>Limits attempts per key within fixed windows of a minute.</summary>
internal sealed class AttemptLimiter(int perMinute) : IDisposable
{
    private readonly PartitionedRateLimiter<string> limiter = PartitionedRateLimiter.Create<string, string>(
        key => RateLimitPartition.GetFixedWindowLimiter(
            key, _ => new FixedWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 }),
        StringComparer.Ordinal);

    /// <summary>Counts an attempt; with <paramref name="attempts"/> 0 only asks.</summary>
    /// <returns>Whether it is within the limit.</returns>
    public bool TryAcquire(string key, int attempts = 1)
    {
        using var lease = limiter.AttemptAcquire(key, attempts);
        return lease.IsAcquired;
    }

    public void Dispose() => limiter.Dispose();
}
