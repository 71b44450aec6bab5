using Microsoft.Extensions.Options;

namespace HeyGemExport.Accounts;

/// <summary>How callers become known.</summary>
public enum AccountsMode
{
    /// <summary>Everybody may do everything.</summary>
    Open,

    /// <summary>People sign in with a password.</summary>
    Accounts,

    /// <summary>A reverse proxy says who it is.</summary>
    Proxy,
}

/// <summary>The mode that is in force.</summary>
internal sealed class ActiveMode(IOptions<AccountsOptions> options, IConfiguration configuration)
{
    /// <summary>The mode.</summary>
    public AccountsMode Mode { get; } = Choose(options.Value.Mode, configuration) ?? AccountsMode.Accounts;

    /// <summary>Whether everybody may do everything.</summary>
    public bool IsOpen => Mode == AccountsMode.Open;

    /// <summary>Whether people sign in here.</summary>
    public bool HasSignIn => Mode == AccountsMode.Accounts;

    /// <summary>The mode that the setting names, or that follows from where the app listens; null when there is none of that name.</summary>
    internal static AccountsMode? Choose(string? setting, IConfiguration configuration) => setting?.Trim().ToLowerInvariant() switch
    {
        null or "" => ListeningAddresses.Configured(configuration) is { Count: > 0 } addresses && addresses.All(ListeningAddresses.IsLoopback) ? AccountsMode.Open : AccountsMode.Accounts,
        "open" => AccountsMode.Open,
        "accounts" => AccountsMode.Accounts,
        "proxy" => AccountsMode.Proxy,
        _ => null,
    };
}
