using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Accounts;

/// <summary>Stops an open app that listens beyond loopback on addresses that are not in the configuration (an inherited socket).</summary>
internal sealed partial class OpenModeGuard(
    ActiveMode mode, IOptions<AccountsOptions> accounts, IServer server, IHostApplicationLifetime lifetime, ILogger<OpenModeGuard> log)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // The addresses are known once the server runs.
        lifetime.ApplicationStarted.Register(Check);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Check()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        if (mode.IsOpen && !accounts.Value.AllowOpenOnNetwork
            && addresses.FirstOrDefault(address => !ListeningAddresses.IsLoopback(address)) is { } network)
        {
            Log.OpenOnNetwork(log, network);
            lifetime.StopApplication();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Critical,
            Message = "Accounts:Mode 为 open，但正在监听其他机器可访问的地址 {Address}，服务停止。请设置 Accounts:Mode=accounts，或 Accounts:AllowOpenOnNetwork=true")]
        public static partial void OpenOnNetwork(ILogger logger, string address);
    }
}
