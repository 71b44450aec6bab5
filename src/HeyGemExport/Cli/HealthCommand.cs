using HeyGemExport.Accounts;
using HeyGemExport.Health;
using HeyGemExport.Hosting;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Cli;

/// <summary><c>HeyGemExport health</c>: asks the service that runs on this machine. A container image needs no curl for it.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Asks <c>/healthz/ready</c> at the address that the configuration names.</summary>
    /// <returns>0 when ready; 1 when not, or when nobody answers within ten seconds.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, TextWriter output, CancellationToken cancellationToken)
    {
        var texts = services.GetRequiredService<IStringLocalizer<HealthTexts>>();
        var urls = ListeningAddresses.Configured(services.GetRequiredService<IConfiguration>()) is [var first, ..] ? first : AppHost.Url;
        var address = new Uri(LocalAddress(urls), "/healthz/ready");
        var (isReady, answer) = await AskAsync(address, cancellationToken);
        await output.WriteLineAsync((isReady ? texts["Cli.healthy", address] : texts["Cli.unhealthy", address, answer]).Value.AsMemory(), cancellationToken);
        return isReady ? 0 : 1;
    }

    /// <summary>The address at which this machine reaches a server that listens on the first of the addresses.</summary>
    /// <param name="urls">As in <c>ASPNETCORE_URLS</c>: separated by <c>;</c>, the host may be a wildcard.</param>
    public static Uri LocalAddress(string urls)
    {
        var first = BindingAddress.Parse(urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[0]);
        var host = first.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : first.Host;
        return new UriBuilder(first.Scheme, host, first.Port, first.PathBase).Uri;
    }

    private static async Task<(bool IsReady, string Answer)> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var response = await client.GetAsync(address, cancellationToken);
            return (response.IsSuccessStatusCode, $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}");
        }
        catch (HttpRequestException fault)
        {
            return (false, fault.Message);
        }
        catch (TaskCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            return (false, fault.Message);
        }
    }
}
