using System.Diagnostics.Metrics;
using HeyGemExport.Hosting;

namespace HeyGemExport.Notifications;

/// <summary>Counts what becomes of notifications, by what their target speaks. Tests of a target are not counted.</summary>
internal sealed class NotificationMetrics(IMeterFactory meters, NotificationTargets targets)
{
    private readonly Counter<long> delivered = meters.Counter("heygem.notifications.delivered", "Notifications that their target took.");
    private readonly Counter<long> retried = meters.Counter("heygem.notifications.retried", "Attempts that failed and are made again.");
    private readonly Counter<long> failed = meters.Counter("heygem.notifications.failed", "Notifications given up.");

    public void InitializeToZero()
    {
        foreach (var kind in targets.All.Select(target => target.Kind).Distinct())
        {
            Array.ForEach([delivered, retried, failed], counter => Add(counter, kind, 0));
        }
    }

    public void Delivered(TargetKind? kind) => Add(delivered, kind);
    public void Retried(TargetKind? kind) => Add(retried, kind);
    public void Failed(TargetKind? kind) => Add(failed, kind);

    /// <param name="kind">What its target speaks; null when that is no longer configured.</param>
    private static void Add(Counter<long> counter, TargetKind? kind, long count = 1) =>
        counter.Add(count, "kind", kind?.ToString().ToLowerInvariant() ?? "");
}
