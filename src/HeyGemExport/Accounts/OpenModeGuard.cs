using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace HeyGemExport.Accounts;

internal static partial class OpenModeGuard
{
    /// <summary>Stops an open app that listens beyond loopback on addresses that are not in the configuration (an inherited
    /// socket).</summary>
    public static void GuardOpenMode(this WebApplication app) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        // The addresses are known once the server runs.
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        if (app.Services.GetRequiredService<ActiveMode>().IsOpen
            && !app.Services.GetRequiredService<IOptions<AccountsOptions>>().Value.AllowOpenOnNetwork
            && addresses.FirstOrDefault(address => !ListeningAddresses.IsLoopback(address)) is { } network)
        {
            Log.OpenOnNetwork(app.Logger, network);
            app.Lifetime.StopApplication();
        }
    });

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Critical,
            Message = "Accounts:Mode 为 open，但正在监听其他机器可访问的地址 {Address}，服务停止。请设置 Accounts:Mode=accounts，或 Accounts:AllowOpenOnNetwork=true")]
        public static partial void OpenOnNetwork(ILogger logger, string address);
    }
}
