using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Shares;

internal static class SharesRegistration
{
    public static IServiceCollection AddShares(this IServiceCollection services)
    {
        services.AddOptions<ShareOptions>().BindConfiguration(ShareOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ShareOptions>, ShareOptions.Validator>();
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
