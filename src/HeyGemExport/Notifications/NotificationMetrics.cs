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
            foreach (var counter in (Counter<long>[])[delivered, retried, failed])
            {
                counter.Add(0, Kind(kind));
            }
        }
    }

    public void Delivered(TargetKind? kind) => delivered.Add(1, Kind(kind));

    public void Retried(TargetKind? kind) => retried.Add(1, Kind(kind));

    /// <param name="kind">What its target speaks; null when that is no longer configured.</param>
    public void Failed(TargetKind? kind) => failed.Add(1, Kind(kind));

    private static KeyValuePair<string, object?> Kind(TargetKind? kind) => new("kind", kind?.ToString().ToLowerInvariant() ?? "");
}
