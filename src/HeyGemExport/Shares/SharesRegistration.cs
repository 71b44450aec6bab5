using HeyGemExport.Hosting;
using Microsoft.AspNetCore.Identity;

namespace HeyGemExport.Shares;

internal static class SharesRegistration
{
    public static IServiceCollection AddShares(this IServiceCollection services) => services
        .AddValidatedOptions<ShareOptions>(ShareOptions.Section).Services
        .AddSingleton<IPasswordHasher<ShareLink>, PasswordHasher<ShareLink>>()
        .AddSingleton<ShareMetrics>()
        .AddSingleton<ShareLinkStore>()
        .AddSingleton<ShareLinks>()
        .AddSingleton<ShareLimits>()
        .AddSingleton<ShareAccess>()
        .AddSingleton<ShareQuota>()
        .AddSingleton<ShareDownloadEndpoint>();
}
