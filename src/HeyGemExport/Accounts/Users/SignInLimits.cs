namespace HeyGemExport.Accounts.Users;

/// <summary>Attempts count for a name and an address together: whoever guesses somebody's password keeps nobody out but
/// themselves.</summary>
internal sealed class SignInLimits : IDisposable
{
    /// <summary>Attempts a minute from one address (IPv6: from one /64): an office behind one address still gets in.</summary>
    public const int PerAddress = 30;

    /// <summary>Attempts a minute for one name from one address.</summary>
    public const int PerNameAndAddress = 10;

    private readonly AttemptLimiter addresses = new(PerAddress);
    private readonly AttemptLimiter names = new(PerNameAndAddress);
    private readonly AttemptLimiter refusals = new(perMinute: 1);

    public bool Allow(string address, string normalizedName) =>
        addresses.TryAcquire(ClientAddress.Network(address)) && names.TryAcquire(Pair(address, normalizedName));

    /// <summary>Whether a refusal is the first of its minute, and worth a record.</summary>
    public bool IsFirstRefusal(string address, string normalizedName) => refusals.TryAcquire(Pair(address, normalizedName));

    public void Dispose()
    {
        addresses.Dispose();
        names.Dispose();
        refusals.Dispose();
    }

    private static string Pair(string address, string normalizedName) => $"{ClientAddress.Network(address)} {normalizedName}";
}
