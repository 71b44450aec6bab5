using System.Threading.RateLimiting;

namespace HeyGemExport.Accounts.People;

/// <summary>How often a password may be tried: by one client, and for one name. The lockout of an account comes on top, and counts wrong ones only.</summary>
internal sealed class SignInLimits : IDisposable
{
    /// <summary>Attempts a minute from one address (IPv6: from one /64): an office behind one address still gets in.</summary>
    public const int PerAddress = 30;

    /// <summary>Attempts a minute for one name, whether it exists or not.</summary>
    public const int PerName = 20;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<string> addresses = Limiter(PerAddress);
    private readonly PartitionedRateLimiter<string> names = Limiter(PerName);

    /// <summary>Whether one more attempt may be made now; counts it.</summary>
    public bool Allow(string address, string normalizedName)
    {
        using var byAddress = addresses.AttemptAcquire(ClientAddress.Network(address));
        if (!byAddress.IsAcquired)
        {
            return false;
        }

        using var byName = names.AttemptAcquire(normalizedName);
        return byName.IsAcquired;
    }

    public void Dispose()
    {
        addresses.Dispose();
        names.Dispose();
    }

    private static PartitionedRateLimiter<string> Limiter(int attempts) => PartitionedRateLimiter.Create<string, string>(
        key => RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions { PermitLimit = attempts, Window = Window, QueueLimit = 0 }),
        StringComparer.Ordinal);
}
