using HeyGemExport.Hosting;
using Microsoft.AspNetCore.Identity;

namespace HeyGemExport.Shares;

/// <summary>Registers share links.</summary>
internal static class SharesRegistration
{
    /// <summary>Adds the services and validated options of share links.</summary>
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

    /// <summary>Maps the endpoints of share links.</summary>
    public static IEndpointRouteBuilder MapShares(this IEndpointRouteBuilder app)
    {
        ShareEndpoints.Map(app);
        return app;
    }
}
