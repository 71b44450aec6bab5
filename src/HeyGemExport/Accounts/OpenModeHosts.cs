using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Accounts;

/// <summary>
/// In the mode <c>open</c> a page of another site must not reach the app by a name of its own that it lets point to 127.0.0.1 (DNS rebinding):
/// only loopback's names are answered, unless <c>AllowedHosts</c> says otherwise.
/// </summary>
internal sealed class OpenModeHosts(ActiveMode mode, IOptions<AccountsOptions> accounts, IConfiguration configuration) : IConfigureOptions<HostFilteringOptions>
{
    public void Configure(HostFilteringOptions options)
    {
        if (mode.IsOpen && !accounts.Value.AllowOpenOnNetwork && string.IsNullOrWhiteSpace(configuration["AllowedHosts"]))
        {
            options.AllowedHosts = [.. ListeningAddresses.Configured(configuration).Select(ListeningAddresses.HostOf).Union(["localhost", "127.0.0.1", "[::1]"], StringComparer.OrdinalIgnoreCase)];
            options.AllowEmptyHosts = false;
        }
    }
}
