using System.Threading.RateLimiting;

namespace HeyGemExport.Accounts;

internal sealed class AttemptLimiter(int perMinute) : IDisposable
{
    private readonly PartitionedRateLimiter<string> limiter = PartitionedRateLimiter.Create<string, string>(
        key => RateLimitPartition.GetFixedWindowLimiter(
            key, _ => new FixedWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 }),
        StringComparer.Ordinal);

    /// <summary>With 0 <paramref name="attempts"/> only asks.</summary>
    public bool TryAcquire(string key, int attempts = 1)
    {
        using var lease = limiter.AttemptAcquire(key, attempts);
        return lease.IsAcquired;
    }

    public void Dispose() => limiter.Dispose();
}
