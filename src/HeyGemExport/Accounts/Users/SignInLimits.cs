using HeyGemExport.Data;

namespace HeyGemExport.Accounts.Users;

/// <summary>The lockout of an account comes on top, and counts wrong passwords only.</summary>
internal sealed class SignInLimits(Database database) : IDisposable
{
    /// <summary>Attempts a minute from one address (IPv6: from one /64): an office behind one address still gets in.</summary>
    public const int PerAddress = 30;

    public const int PerName = 20;

    private readonly AttemptLimiter addresses = new(database, "sign-in-address", PerAddress);
    private readonly AttemptLimiter names = new(database, "sign-in-name", PerName);

    public async Task<bool> AllowAsync(string address, string normalizedName, CancellationToken cancellationToken) =>
        await addresses.TryAcquireAsync(ClientAddress.Network(address), cancellationToken)
        && await names.TryAcquireAsync(normalizedName, cancellationToken);

    public void Dispose()
    {
        addresses.Dispose();
        names.Dispose();
    }
}
