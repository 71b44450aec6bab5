using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Jobs;

namespace HeyGemExport.Notifications;

/// <summary>Sends a notification, again and again with growing pauses, and gives up at the limit.</summary>
internal sealed partial class NotificationSender(
    NotificationStore store, NotificationTargets targets, NotificationFormats formats, WebhookClient client, AuditTrail audit,
    NotificationMetrics metrics, IStringLocalizer<NotificationTexts> texts, IOptions<NotificationOptions> options,
    IOptions<HttpOptions> http, TimeProvider time, ILogger<NotificationSender> log) : IRecordJob
{
    /// <summary>Pauses after the first, second, … attempt; the last is that of all further ones. Each is longer than an attempt may take,
    /// <see cref="Grace"/> included.</summary>
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15),
        TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(3),
    ];

    /// <summary>What an attempt gets beyond its limit before it counts as one whose process died.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public static string Queue => JobQueue.Default;
    public static string Table => "notifications";

    public async Task<JobOutcome> RunAsync(string id, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { } notification)
        {
            return new JobOutcome.Done("There is no such notification.");
        }

        if (notification.State == NotificationState.Waiting
            && (WaitOf(notification) <= TimeSpan.Zero || WaitOf(notification) > LongestPause))
        {
            await AttemptAsync(notification, cancellationToken);
            notification = await store.FindAsync(id, CancellationToken.None) ?? notification;
        }

        return notification.State switch
        {
            NotificationState.Delivered => new JobOutcome.Done(notification.Target),
            NotificationState.Failed => new JobOutcome.Failed($"{notification.Fault} {notification.Status}".Trim()),
            _ => new JobOutcome.Again(WaitOf(notification), $"{notification.Fault} {notification.Status}".Trim()),
        };
    }

    public async Task<JobDescription?> DescribeAsync(string id, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is not { } notification ? null : new JobDescription(
            texts["Job.Notify", notification.Target, texts["Title." + notification.Event].Value, notification.Payload.ArchiveName],
            texts["State." + notification.State],
            "/exports/" + notification.ExportId);

    public async Task CancelAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        var given = new AttemptResult(Delivered: false, Status: null, "cancelled");
        if (await store.FindAsync(id, cancellationToken) is { } notification
            && await store.EndAsync(id, NotificationState.Failed, given, cancellationToken))
        {
            await RecordAsync(AuditActions.NotificationFailed, caller, notification.Target, notification.ExportId, given);
        }
    }

    public async Task<string?> RetryAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        await store.RetryAsync(id, cancellationToken);
        return null;
    }

    public async Task<AttemptResult> TestAsync(NotificationTarget target, Caller caller, CancellationToken cancellationToken)
    {
        var payload = NotificationPayload.Test(time.GetUtcNow(), caller.Who, http.Value.PublicAddress("/"));
        var result = await client.SendAsync(target, formats.Write(target, Exports.ShortId.Create(), payload), cancellationToken);
        await RecordAsync(AuditActions.NotificationTested, caller, target.Name, exportId: null, result);
        return result;
    }

    /// <summary>Who is to wait for longer was told so by a clock that was ahead.</summary>
    public static TimeSpan LongestPause => Pauses[^1];

    public static TimeSpan PauseAfter(int attempts) => Pauses[Math.Clamp(attempts, 1, Pauses.Length) - 1];

    private TimeSpan WaitOf(Notification notification) => notification.NextAttemptAt - time.GetUtcNow();

    private async Task AttemptAsync(Notification notification, CancellationToken cancellationToken)
    {
        var pause = PauseAfter(notification.Attempts + 1);
        var shortest = TimeSpan.FromSeconds(options.Value.TimeoutSeconds) + Grace;
        if (!await store.ClaimAsync(notification, time.GetUtcNow() + (pause > shortest ? pause : shortest), cancellationToken))
        {
            return;
        }

        var target = targets.Find(notification.Target);
        var result = target is null
            ? new AttemptResult(Delivered: false, Status: null, "target-removed")
            : await client.SendAsync(target, formats.Write(target, notification.Id, notification.Payload), cancellationToken);
        var isLast = target is null || notification.Attempts + 1 >= options.Value.MaxAttempts;
        var state = result.Delivered ? NotificationState.Delivered : isLast ? NotificationState.Failed : NotificationState.Waiting;
        await store.EndAsync(notification.Id, state, result, CancellationToken.None);
        await AttemptedAsync(notification, target?.Kind, state, result);
    }

    private async Task AttemptedAsync(Notification notification, TargetKind? kind, NotificationState state, AttemptResult result)
    {
        switch (state)
        {
            case NotificationState.Delivered:
                metrics.Delivered(kind);
                Log.Delivered(log, notification.Event, notification.ExportId, notification.Target);
                await RecordAsync(AuditActions.NotificationDelivered, Caller.System, notification.Target, notification.ExportId, result);
                break;
            case NotificationState.Failed:
                metrics.Failed(kind);
                Log.GivenUp(log, notification.Event, notification.ExportId, notification.Target, result.Fault, result.Status);
                await RecordAsync(AuditActions.NotificationFailed, Caller.System, notification.Target, notification.ExportId, result);
                break;
            default:
                metrics.Retried(kind);
                Log.NotDelivered(log, notification.Event, notification.ExportId, notification.Target, result.Fault, result.Status);
                break;
        }
    }

    private Task RecordAsync(string action, Caller caller, string target, string? exportId, AttemptResult result) => audit.RecordAsync(
        action, caller, CancellationToken.None, exportId, outcome: result.Delivered ? "ok" : "failed",
        detail: FormattableString.Invariant(
            $"{target}; status {(object?)result.Status ?? "-"}{(result.Fault is null ? "" : "; " + result.Fault)}"));

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "已通知: {Event} {ExportId} → {Target}")]
        public static partial void Delivered(ILogger logger, string @event, string exportId, string target);

        [LoggerMessage(Level = LogLevel.Warning, Message = "通知未送达, 稍后重试: {Event} {ExportId} → {Target}, {Fault} {Status}")]
        public static partial void NotDelivered(ILogger logger, string @event, string exportId, string target, string? fault, int? status);

        [LoggerMessage(Level = LogLevel.Error, Message = "通知失败, 不再重试: {Event} {ExportId} → {Target}, {Fault} {Status}")]
        public static partial void GivenUp(ILogger logger, string @event, string exportId, string target, string? fault, int? status);
    }
}
