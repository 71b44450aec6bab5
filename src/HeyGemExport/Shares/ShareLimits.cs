using System.Threading.RateLimiting;
using HeyGemExport.Accounts;

namespace HeyGemExport.Shares;

/// <summary>How often strangers may try: tokens that open nothing, and passwords.</summary>
internal sealed class ShareLimits : IDisposable
{
    /// <summary>Tokens a minute that open nothing, from one address (IPv6: from one /64).</summary>
    public const int MissesPerAddress = 30;

    /// <summary>Passwords a minute from one address.</summary>
    public const int PasswordsPerAddress = 10;

    /// <summary>Passwords a minute for one link, from wherever.</summary>
    public const int PasswordsPerLink = 30;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<string> misses = Limiter(MissesPerAddress);
    private readonly PartitionedRateLimiter<string> addresses = Limiter(PasswordsPerAddress);
    private readonly PartitionedRateLimiter<string> links = Limiter(PasswordsPerLink);

    /// <summary>Whether an address may ask at all; after too many misses it may not, also with a token that is right.</summary>
    public bool MayAsk(string address)
    {
        // Zero permits ask without taking one.
        using var lease = misses.AttemptAcquire(ClientAddress.Network(address), permitCount: 0);
        return lease.IsAcquired;
    }

    /// <summary>Counts a token that opened nothing.</summary>
    public void Miss(string address) => misses.AttemptAcquire(ClientAddress.Network(address)).Dispose();

    /// <summary>Whether one more password may be tried; counts it.</summary>
    public bool MayTryPassword(string address, string linkId)
    {
        using var byAddress = addresses.AttemptAcquire(ClientAddress.Network(address));
        if (!byAddress.IsAcquired)
        {
            return false;
        }

        using var byLink = links.AttemptAcquire(linkId);
        return byLink.IsAcquired;
    }

    public void Dispose()
    {
        misses.Dispose();
        addresses.Dispose();
        links.Dispose();
    }

    private static PartitionedRateLimiter<string> Limiter(int attempts) => PartitionedRateLimiter.Create<string, string>(
        key => RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions { PermitLimit = attempts, Window = Window, QueueLimit = 0 }),
        StringComparer.Ordinal);
}
