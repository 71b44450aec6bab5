using System.CommandLine;
using HeyGemExport.Accounts;
using HeyGemExport.Hosting;

namespace HeyGemExport.Cli;

/// <summary>A container image needs no curl for it.</summary>
internal static class HealthCommand
{
    public const string Name = "health";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public static Command Create(IServiceProvider services, IStringLocalizer texts)
    {
        var command = new Command(Name) { TreatUnmatchedTokensAsErrors = false };
        command.SetAction((_, cancellationToken) => RunAsync(services.GetRequiredService<IConfiguration>(), texts, cancellationToken));
        return command;
    }

    /// <summary>The host of <paramref name="listening"/> may be a wildcard.</summary>
    public static Uri LocalAddress(string listening)
    {
        var address = BindingAddress.Parse(listening);
        var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        return new UriBuilder(address.Scheme, host, address.Port, address.PathBase).Uri;
    }

    /// <returns>0 when <c>/healthz/ready</c> says so; 1 when not, or when nobody answers within ten seconds.</returns>
    private static async Task<int> RunAsync(IConfiguration configuration, IStringLocalizer texts, CancellationToken cancellationToken)
    {
        var listening = ListeningAddresses.Configured(configuration) is [var first, ..] ? first : AppHost.Url;
        var address = new Uri(LocalAddress(listening), "/healthz/ready");
        var (isReady, answer) = await QueryAsync(address, cancellationToken);
        Console.Out.WriteLine(isReady ? texts["Cli.healthy", address] : texts["Cli.unhealthy", address, answer]);
        return isReady ? 0 : 1;
    }

    private static async Task<(bool IsReady, string Answer)> QueryAsync(Uri address, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = Timeout };
        try
        {
            using var response = await client.GetAsync(address, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            return (response.IsSuccessStatusCode, $"{(int)response.StatusCode} {body}");
        }
        catch (Exception exception)
            when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return (false, exception.Message);
        }
    }
}
