using HeyGemExport.Accounts;
using HeyGemExport.Exports;
using HeyGemExport.Jobs;

namespace HeyGemExport.Notifications;

/// <summary>Puts a notification for each target into the outbox when an export ends. The records of exports are the truth: an end that a
/// process did not live to announce is announced by the next.</summary>
internal sealed class NotificationOutbox(
    NotificationStore store, ExportStore exports, NotificationTargets targets, IJobQueue queue,
    IStringLocalizer<NotificationTexts> texts, IOptions<HttpOptions> http, TimeProvider time) : IExportFollower, IRecurringJob
{
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private const int MostAtOnce = 500;

    /// <summary>How far back ends are looked for again: clocks differ, and a record may be written later than its time.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    public static string Id => "notifications";

    public string Name => texts["Job.Upkeep"];
    public bool IsNeeded => targets.All.Count > 0;

    public Task OnEndedAsync(string exportId, CancellationToken cancellationToken) =>
        IsNeeded ? SendAsync(cancellationToken) : Task.CompletedTask;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await SendAsync(cancellationToken);
        await store.PurgeAsync(time.GetUtcNow() - Kept, cancellationToken);
    }

    public async Task CollectAsync(CancellationToken cancellationToken)
    {
        foreach (var target in targets.All)
        {
            var begun = time.GetUtcNow();
            var since = await store.SinceAsync(target.Name, cancellationToken);
            var ended = await store.UnnoticedAsync(target.Name, target.Events, since, MostAtOnce, cancellationToken);
            foreach (var exportId in ended)
            {
                if (await exports.FindAsync(exportId, cancellationToken) is { HasEnded: true, State: not ExportState.Cancelled } export)
                {
                    await store.AddAsync(
                        target.Name, NotificationPayload.Of(export, http.Value.PublicAddress("/exports/" + exportId)), cancellationToken);
                }
            }

            if (ended.Count < MostAtOnce)
            {
                await store.AdvanceAsync(target.Name, begun - Overlap, cancellationToken);
            }
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        await CollectAsync(cancellationToken);
        foreach (var notification in await store.DueAsync(MostAtOnce, cancellationToken))
        {
            await queue.EnqueueAsync<NotificationSender>(notification.Id, cancellationToken);
        }
    }
}
