using System.Diagnostics.Metrics;
using HeyGemExport.Exports;

namespace HeyGemExport.Notifications;

/// <summary>Counts what becomes of notifications, by what their target speaks: one method for each event of the business. Tests of a target
/// are not counted.</summary>
internal sealed class NotificationMetrics
{
    private readonly NotificationTargets targets;
    private readonly Counter<long> delivered;
    private readonly Counter<long> retried;
    private readonly Counter<long> failed;

    public NotificationMetrics(IMeterFactory meters, NotificationTargets targets)
    {
        this.targets = targets;
        var meter = meters.Create(ExportMetrics.MeterName);
        delivered = meter.CreateCounter<long>("heygem.notifications.delivered", description: "Notifications that their target took.");
        retried = meter.CreateCounter<long>("heygem.notifications.retried", description: "Attempts that failed and are made again.");
        failed = meter.CreateCounter<long>("heygem.notifications.failed", description: "Notifications given up.");
    }

    /// <summary>Says zero for each kind that is configured.</summary>
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
