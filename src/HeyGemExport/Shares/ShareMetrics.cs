using System.Diagnostics.Metrics;
using HeyGemExport.Exports;

namespace HeyGemExport.Shares;

/// <summary>Counts what happens to share links: one method for each event of the business.</summary>
internal sealed class ShareMetrics
{
    /// <summary>Why a link that exists or not lets nobody in, or nobody further.</summary>
    private static readonly string[] RefusalReasons = ["unknown", "expired", "revoked", "sharing-off", "wrong-password", "too-often", "used-up", "archive-gone"];

    private readonly Counter<long> created;
    private readonly Counter<long> opened;
    private readonly Counter<long> downloads;
    private readonly Counter<long> refused;
    private readonly Counter<long> revoked;

    /// <summary>Creates the instruments; nobody need listen.</summary>
    public ShareMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(ExportMetrics.MeterName);
        created = meter.CreateCounter<long>("heygem.shares.created", description: "Share links made.");
        opened = meter.CreateCounter<long>("heygem.shares.opened", description: "Times that the page of an open link was shown.");
        downloads = meter.CreateCounter<long>("heygem.shares.downloads", description: "Downloads begun by a link, as its limit counts them; what resumes one is not counted.");
        refused = meter.CreateCounter<long>("heygem.shares.refused", description: "Visits that a link refused, by the reason.");
        revoked = meter.CreateCounter<long>("heygem.shares.revoked", description: "Links that a person ended.");
    }

    /// <summary>Says zero for everything that has not happened.</summary>
    public void InitializeToZero()
    {
        foreach (var counter in (Counter<long>[])[created, opened, downloads, revoked])
        {
            counter.Add(0);
        }

        Array.ForEach(RefusalReasons, reason => refused.Add(0, Reason(reason)));
    }

    /// <summary>A link was made.</summary>
    public void Created() => created.Add(1);

    /// <summary>The page of an open link was shown.</summary>
    public void Opened() => opened.Add(1);

    /// <summary>A download began that counts.</summary>
    public void DownloadBegun() => downloads.Add(1);

    /// <summary>Somebody was refused.</summary>
    /// <param name="reason"><c>unknown</c>, <c>expired</c>, <c>revoked</c>, <c>sharing-off</c>, <c>wrong-password</c>, <c>too-often</c>, <c>used-up</c> or <c>archive-gone</c>.</param>
    public void Refused(string reason) => refused.Add(1, Reason(reason));

    /// <summary>A person ended a link.</summary>
    public void Revoked() => revoked.Add(1);

    private static KeyValuePair<string, object?> Reason(string reason) => new("reason", reason);
}
