using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Accounts.Schemes;

/// <summary>Which proxies' word about client, scheme and host is taken.</summary>
internal sealed class ConfigureForwardedHeaders(IOptions<AccountsOptions> accounts, IOptions<HttpOptions> http) : IConfigureOptions<ForwardedHeadersOptions>
{
    public void Configure(ForwardedHeadersOptions options)
    {
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in TrustedAddresses.Read($"{http.Value.TrustedProxies} {accounts.Value.Proxy.TrustedAddresses}", out _).Networks)
        {
            options.KnownIPNetworks.Add(network);
        }

        // Without a known proxy the framework would believe all of them.
        options.ForwardedHeaders = options.KnownIPNetworks.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;

        // A chain is followed as long as each link is known.
        options.ForwardLimit = null;
    }
}
