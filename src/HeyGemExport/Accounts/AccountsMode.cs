namespace HeyGemExport.Accounts;

public enum AccountsMode
{
    /// <summary>Everybody may do everything.</summary>
    Open,

    /// <summary>People sign in with a password.</summary>
    Accounts,

    /// <summary>A reverse proxy names the user.</summary>
    Proxy,
}

internal sealed class ActiveMode(IOptions<AccountsOptions> options, IConfiguration configuration)
{
    public AccountsMode Mode { get; } = Choose(options.Value.Mode, configuration) ?? AccountsMode.Accounts;

    public bool IsOpen => Mode == AccountsMode.Open;
    public bool HasSignIn => Mode == AccountsMode.Accounts;

    /// <summary>The mode that the setting names, or that follows from where the app listens; null for an unknown name.</summary>
    internal static AccountsMode? Choose(string? setting, IConfiguration configuration) => setting?.Trim().ToLowerInvariant() switch
    {
        null or "" => ListeningAddresses.Configured(configuration) is { Count: > 0 } addresses
            && addresses.All(ListeningAddresses.IsLoopback)
            ? AccountsMode.Open
            : AccountsMode.Accounts,
        "open" => AccountsMode.Open,
        "accounts" => AccountsMode.Accounts,
        "proxy" => AccountsMode.Proxy,
        _ => null,
    };
}
