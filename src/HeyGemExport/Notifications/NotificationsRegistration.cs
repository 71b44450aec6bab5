using HeyGemExport.Hosting;
using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Jobs;

namespace HeyGemExport.Notifications;

internal static class NotificationsRegistration
{
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
}
