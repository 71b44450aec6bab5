using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Accounts;

/// <summary>
/// The host names that are answered: those of <c>AllowedHosts</c>, by default all. In the mode <c>open</c> only loopback's names are, so
/// that a page of another site cannot reach the app by a name of its own that resolves to 127.0.0.1 (DNS rebinding).
/// </summary>
internal sealed class ConfigureHostFiltering(
    ActiveMode mode, IOptions<AccountsOptions> accounts, IConfiguration configuration) : IConfigureOptions<HostFilteringOptions>
{
    public void Configure(HostFilteringOptions options)
    {
        if (configuration["AllowedHosts"] is { } allowed && !string.IsNullOrWhiteSpace(allowed))
        {
            options.AllowedHosts = allowed.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }
        else if (mode.IsOpen && !accounts.Value.AllowOpenOnNetwork)
        {
            var own = ListeningAddresses.Configured(configuration).Select(ListeningAddresses.HostOf);
            options.AllowedHosts = [.. own.Union(["localhost", "127.0.0.1", "[::1]"], StringComparer.OrdinalIgnoreCase)];
            options.AllowEmptyHosts = false;
        }
        else
        {
            options.AllowedHosts = ["*"];
        }
    }
}
