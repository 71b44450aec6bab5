using System.Diagnostics.Metrics;
using HeyGemExport.Hosting;

namespace HeyGemExport.Shares;

internal sealed class ShareMetrics(IMeterFactory meters)
{
    private static readonly string[] RefusalReasons =
        ["unknown", "expired", "revoked", "sharing-off", "wrong-password", "too-often", "used-up", "archive-gone"];

    private readonly Counter<long> created = meters.Counter("heygem.shares.created", "Share links made.");
    private readonly Counter<long> opened = meters.Counter("heygem.shares.opened", "Times that the page of an open link was shown.");
    private readonly Counter<long> downloads = meters.Counter(
        "heygem.shares.downloads", "Downloads begun by a link, as its limit counts them; what resumes one is not counted.");
    private readonly Counter<long> refused = meters.Counter("heygem.shares.refused", "Visits that a link refused, by the reason.");
    private readonly Counter<long> revoked = meters.Counter("heygem.shares.revoked", "Links that a person ended.");

    public void InitializeToZero()
    {
        Array.ForEach([created, opened, downloads, revoked], counter => counter.Add(0));
        Array.ForEach(RefusalReasons, reason => refused.Add(0, "reason", reason));
    }

    public void Created() => created.Add(1);
    public void Opened() => opened.Add(1);
    public void DownloadBegun() => downloads.Add(1);
    public void Refused(string reason) => refused.Add(1, "reason", reason);
    public void Revoked() => revoked.Add(1);
}
