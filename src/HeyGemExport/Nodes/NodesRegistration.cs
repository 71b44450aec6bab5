using HeyGemExport.Hosting;

namespace HeyGemExport.Nodes;

internal static class NodesRegistration
{
    public static IServiceCollection AddNodes(this IServiceCollection services) => services
        .AddValidatedOptions<NodeOptions>(NodeOptions.Section).Services
        .AddSingleton<TempFolderId>()
        .AddSingleton<NodeRegistry>()
        .AddHostedService<NodeHeartbeat>();
}
