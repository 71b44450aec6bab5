using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Accounts;

/// <summary>
/// The names that the app answers to: those of <c>AllowedHosts</c>, and otherwise all. In the mode <c>open</c> a page of another site must
/// not reach the app by a name of its own that it lets point to 127.0.0.1 (DNS rebinding): there only loopback's names are answered.
/// </summary>
internal sealed class ConfigureHostFiltering(ActiveMode mode, IOptions<AccountsOptions> accounts, IConfiguration configuration) : IConfigureOptions<HostFilteringOptions>
{
    public void Configure(HostFilteringOptions options)
    {
        if (configuration["AllowedHosts"] is { } allowed && !string.IsNullOrWhiteSpace(allowed))
        {
            options.AllowedHosts = allowed.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }
        else if (mode.IsOpen && !accounts.Value.AllowOpenOnNetwork)
        {
            options.AllowedHosts = [.. ListeningAddresses.Configured(configuration).Select(ListeningAddresses.HostOf).Union(["localhost", "127.0.0.1", "[::1]"], StringComparer.OrdinalIgnoreCase)];
            options.AllowEmptyHosts = false;
        }
        else
        {
            options.AllowedHosts = ["*"];
        }
    }
}
