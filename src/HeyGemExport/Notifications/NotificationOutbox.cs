using HeyGemExport.Accounts;
using HeyGemExport.Exports;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Notifications;

/// <summary>
/// Follows exports that ended by their records, and puts a notice for each target into the outbox. The records are the truth: an end that a process
/// did not live to tell is told by the next.
/// </summary>
internal sealed class NotificationOutbox(NotificationStore store, ExportStore exports, NotificationTargets targets, IOptions<HttpOptions> http, TimeProvider time)
{
    /// <summary>How long the delivery log remembers.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private const int MostAtOnce = 500;

    /// <summary>Ends are looked for again this far back: nodes' clocks differ, and a record may be written later than the time in it.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    /// <summary>Collects what ended.</summary>
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
                    await store.AddAsync(target.Name, NotificationPayload.Of(export, http.Value.PublicAddress("/exports/" + exportId)), cancellationToken);
                }
            }

            if (ended.Count < MostAtOnce)
            {
                await store.AdvanceAsync(target.Name, begun - Overlap, cancellationToken);
            }
        }

        await store.PurgeAsync(time.GetUtcNow() - Kept, cancellationToken);
    }
}
