using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Accounts.Schemes;

internal sealed class ConfigureForwardedHeaders(
    IOptions<AccountsOptions> accounts, IOptions<HttpOptions> http) : IConfigureOptions<ForwardedHeadersOptions>
{
    public void Configure(ForwardedHeadersOptions options)
    {
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in TrustedAddresses.Parse($"{http.Value.TrustedProxies} {accounts.Value.Proxy.TrustedAddresses}").Networks)
        {
            options.KnownIPNetworks.Add(network);
        }

        // Without a known proxy the framework would trust all of them.
        options.ForwardedHeaders = options.KnownIPNetworks.Count == 0
            ? ForwardedHeaders.None
            : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;

        // A chain is followed as long as each proxy in it is known.
        options.ForwardLimit = null;
    }
}
