using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Accounts;

/// <summary>Stops an open app that listens beyond loopback after all: on addresses that were not in the configuration, such as an inherited socket.</summary>
internal sealed partial class OpenModeGuard(
    ActiveMode mode, IOptions<AccountsOptions> accounts, IServer server, IHostApplicationLifetime lifetime, ILogger<OpenModeGuard> log) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        if (mode.IsOpen && !accounts.Value.AllowOpenOnNetwork && addresses.FirstOrDefault(address => !ListeningAddresses.IsLoopback(address)) is { } network)
        {
            Log.OpenOnNetwork(log, network);
            lifetime.StopApplication();
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Critical, Message = "Accounts:Mode is open and the app listens on {Address}, where others reach it: stopping. Set Accounts:Mode=accounts, or Accounts:AllowOpenOnNetwork=true")]
        public static partial void OpenOnNetwork(ILogger logger, string address);
    }
}
