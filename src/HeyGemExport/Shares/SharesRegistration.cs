using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Shares;

/// <summary>Registers share links.</summary>
internal static class SharesRegistration
{
    /// <summary>Adds the services and validated options of share links.</summary>
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

    /// <summary>Maps the endpoints of share links.</summary>
    public static IEndpointRouteBuilder MapShares(this IEndpointRouteBuilder app)
    {
        ShareEndpoints.Map(app);
        return app;
    }
}
