using HeyGemExport.Accounts;

namespace HeyGemExport.Shares;

internal sealed class ShareLimits : IDisposable
{
    /// <summary>Invalid tokens a minute from one address (IPv6: from one /64).</summary>
    public const int MissesPerAddress = 30;

    /// <summary>Passwords a minute from one address.</summary>
    public const int PasswordsPerAddress = 10;

    /// <summary>Passwords a minute for one link, from anywhere.</summary>
    public const int PasswordsPerLink = 30;

    private readonly AttemptLimiter misses = new(MissesPerAddress);
    private readonly AttemptLimiter addresses = new(PasswordsPerAddress);
    private readonly AttemptLimiter links = new(PasswordsPerLink);

    /// <summary>Whether an address may try a token at all; after too many misses not even a valid one.</summary>
    public bool MayAsk(string address) => misses.TryAcquire(ClientAddress.Network(address), attempts: 0);

    public void Miss(string address) => misses.TryAcquire(ClientAddress.Network(address));

    public bool MayTryPassword(string address, string linkId) =>
        addresses.TryAcquire(ClientAddress.Network(address)) && links.TryAcquire(linkId);

    public void Dispose()
    {
        misses.Dispose();
        addresses.Dispose();
        links.Dispose();
    }
}
