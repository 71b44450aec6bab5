using HeyGemExport.Hosting;
using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Jobs;

namespace HeyGemExport.Notifications;

/// <summary>Registers notifications.</summary>
internal static class NotificationsRegistration
{
    /// <summary>Adds the services and validated options of notifications.</summary>
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.AddValidatedOptions<NotificationOptions>(NotificationOptions.Section);
        TypeHandlers.AddJson<NotificationPayload>(NotificationPayload.Json);
        services.AddSingleton<NotificationTargets>();
        services.AddSingleton<NotificationTexts>();
        services.AddSingleton<NotificationFormats>();
        services.AddSingleton<WebhookClient>();
        services.AddSingleton<NotificationMetrics>();
        services.AddSingleton<NotificationStore>();
        services.AddRecurringJob<NotificationOutbox>();
        services.AddSingleton<NotificationSender>();
        services.AddSingleton<IExportFollower>(provider => provider.GetRequiredService<NotificationOutbox>());
        return services;
    }

    /// <summary>Maps the endpoints of notifications.</summary>
    public static IEndpointRouteBuilder MapNotifications(this IEndpointRouteBuilder app)
    {
        NotificationEndpoints.Map(app);
        return app;
    }
}
