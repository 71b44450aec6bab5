using HeyGemExport.Hosting;
using System.Diagnostics.Metrics;

namespace HeyGemExport.Shares;

internal sealed class ShareMetrics
{
    private static readonly string[] RefusalReasons =
        ["unknown", "expired", "revoked", "sharing-off", "wrong-password", "too-often", "used-up", "archive-gone"];

    private readonly Counter<long> created;
    private readonly Counter<long> opened;
    private readonly Counter<long> downloads;
    private readonly Counter<long> refused;
    private readonly Counter<long> revoked;

    public ShareMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(AppMeter.Name);
        created = meter.CreateCounter<long>("heygem.shares.created", description: "Share links made.");
        opened = meter.CreateCounter<long>("heygem.shares.opened", description: "Times that the page of an open link was shown.");
        downloads = meter.CreateCounter<long>(
            "heygem.shares.downloads",
            description: "Downloads begun by a link, as its limit counts them; what resumes one is not counted.");
        refused = meter.CreateCounter<long>("heygem.shares.refused", description: "Visits that a link refused, by the reason.");
        revoked = meter.CreateCounter<long>("heygem.shares.revoked", description: "Links that a person ended.");
    }

    public void InitializeToZero()
    {
        Array.ForEach([created, opened, downloads, revoked], counter => counter.Add(0));
        Array.ForEach(RefusalReasons, reason => refused.Add(0, Reason(reason)));
    }

    public void Created() => created.Add(1);

    public void Opened() => opened.Add(1);

    public void DownloadBegun() => downloads.Add(1);

    public void Refused(string reason) => refused.Add(1, Reason(reason));

    public void Revoked() => revoked.Add(1);

    private static KeyValuePair<string, object?> Reason(string reason) => new("reason", reason);
}
