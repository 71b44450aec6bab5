namespace HeyGemExport.Accounts.Users;

/// <summary>The lockout of an account comes on top, and counts wrong passwords only.</summary>
internal sealed class SignInLimits : IDisposable
{
    /// <summary>Attempts a minute from one address (IPv6: from one /64): an office behind one address still gets in.</summary>
    public const int PerAddress = 30;

    public const int PerName = 20;

    private readonly AttemptLimiter addresses = new(PerAddress);
    private readonly AttemptLimiter names = new(PerName);

    public bool Allow(string address, string normalizedName) =>
        addresses.TryAcquire(ClientAddress.Network(address)) && names.TryAcquire(normalizedName);

    public void Dispose()
    {
        addresses.Dispose();
        names.Dispose();
    }
}
