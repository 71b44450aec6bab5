using HeyGemExport.Data;

namespace HeyGemExport.Notifications;

/// <summary>Collects and sends every few seconds; does nothing where nobody is to be told.</summary>
internal sealed partial class NotificationWorker(
    NotificationOutbox outbox, NotificationSender sender, NotificationTargets targets, TimeProvider time, ILogger<NotificationWorker> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (targets.All.Count == 0)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await WorkAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service is stopping.
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        try
        {
            await outbox.CollectAsync(cancellationToken);
            await sender.SendDueAsync(cancellationToken);
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            // Tried again at the next turn; the records keep what is to be told.
            Log.NotNow(log, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Notifications wait for the database: {Reason}")]
        public static partial void NotNow(ILogger logger, string reason);
    }
}
