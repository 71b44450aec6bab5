using HeyGemExport.Accounts;
using HeyGemExport.Data;

namespace HeyGemExport.Shares;

internal sealed class ShareLimits(Database database) : IDisposable
{
    /// <summary>Invalid tokens a minute from one address (IPv6: from one /64).</summary>
    public const int MissesPerAddress = 30;

    /// <summary>Passwords a minute from one address.</summary>
    public const int PasswordsPerAddress = 10;

    /// <summary>Passwords a minute for one link, from anywhere.</summary>
    public const int PasswordsPerLink = 30;

    private readonly AttemptLimiter misses = new(database, "share-misses", MissesPerAddress);
    private readonly AttemptLimiter addresses = new(database, "share-password-address", PasswordsPerAddress);
    private readonly AttemptLimiter links = new(database, "share-password-link", PasswordsPerLink);

    /// <summary>Whether an address may try a token at all; after too many misses not even a valid one.</summary>
    public Task<bool> MayAskAsync(string address, CancellationToken cancellationToken) =>
        misses.AllowsAsync(ClientAddress.Network(address), cancellationToken);

    public Task MissAsync(string address, CancellationToken cancellationToken) =>
        misses.TryAcquireAsync(ClientAddress.Network(address), cancellationToken);

    public async Task<bool> MayTryPasswordAsync(string address, string linkId, CancellationToken cancellationToken) =>
        await addresses.TryAcquireAsync(ClientAddress.Network(address), cancellationToken)
        && await links.TryAcquireAsync(linkId, cancellationToken);

    public void Dispose()
    {
        misses.Dispose();
        addresses.Dispose();
        links.Dispose();
    }
}
