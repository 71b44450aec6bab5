using HeyGemExport.Hosting;
using Microsoft.AspNetCore.Identity;

namespace HeyGemExport.Shares;

internal static class SharesRegistration
{
    public static IServiceCollection AddShares(this IServiceCollection services)
    {
        services.AddValidatedOptions<ShareOptions>(ShareOptions.Section);
        services.AddSingleton<IPasswordHasher<ShareLink>, PasswordHasher<ShareLink>>();
        services.AddSingleton<ShareMetrics>();
        services.AddSingleton<ShareLinkStore>();
        services.AddSingleton<ShareLinks>();
        services.AddSingleton<ShareLimits>();
        services.AddSingleton<ShareAccess>();
        services.AddSingleton<ShareQuota>();
        services.AddSingleton<ShareDownloadEndpoint>();
        return services;
    }
}
