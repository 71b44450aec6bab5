using HeyGemExport.Data;

namespace HeyGemExport.Accounts.Users;

/// <summary>Attempts count for a name and an address together: whoever guesses somebody's password keeps nobody out but
/// themselves.</summary>
internal sealed class SignInLimits(Database database) : IDisposable
{
    /// <summary>Attempts a minute from one address (IPv6: from one /64): an office behind one address still gets in.</summary>
    public const int PerAddress = 30;

    /// <summary>Attempts a minute for one name from one address.</summary>
    public const int PerNameAndAddress = 10;

    private readonly AttemptLimiter addresses = new(database, "sign-in-address", PerAddress);
    private readonly AttemptLimiter names = new(database, "sign-in-name", PerNameAndAddress);
    private readonly AttemptLimiter refusals = new(database, "sign-in-refusal", perMinute: 1);

    public async Task<bool> AllowAsync(string address, string normalizedName, CancellationToken cancellationToken) =>
        await addresses.TryAcquireAsync(ClientAddress.Network(address), cancellationToken)
        && await names.TryAcquireAsync(Pair(address, normalizedName), cancellationToken);

    /// <summary>Whether a refusal is the first of its minute, and worth a record.</summary>
    public Task<bool> IsFirstRefusalAsync(string address, string normalizedName, CancellationToken cancellationToken) =>
        refusals.TryAcquireAsync(Pair(address, normalizedName), cancellationToken);

    public void Dispose()
    {
        addresses.Dispose();
        names.Dispose();
        refusals.Dispose();
    }

    private static string Pair(string address, string normalizedName) => $"{ClientAddress.Network(address)} {normalizedName}";
}
