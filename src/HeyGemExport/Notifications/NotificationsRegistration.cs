using HeyGemExport.Hosting;
using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Jobs;

namespace HeyGemExport.Notifications;

internal static class NotificationsRegistration
{
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        TypeHandlers.AddJson<NotificationPayload>(NotificationPayload.Json);
        return services
            .AddValidatedOptions<NotificationOptions>(NotificationOptions.Section).Services
            .AddSingleton<NotificationTargets>()
            .AddSingleton<NotificationTexts>()
            .AddSingleton<NotificationFormats>()
            .AddSingleton<WebhookClient>()
            .AddSingleton<NotificationMetrics>()
            .AddSingleton<NotificationStore>()
            .AddSingleton<NotificationSender>()
            .AddRecurringJob<NotificationOutbox>()
            .AddSingleton<IExportFollower>(provider => provider.GetRequiredService<NotificationOutbox>());
    }
}
