using HeyGemExport.Exports;
using HeyGemExport.Exports.Downloads;

namespace HeyGemExport.Shares;

/// <summary>Counts downloads through a link. One counts when it begins; further requests of the address belong to it until the archive was
/// sent whole, and so does a range that does not start at the first byte: resuming, and several connections, cost nothing. Of what a proxy
/// sends it is not known when it is whole: there each request for the first byte counts. Single files belong to the download of their
/// archive.</summary>
internal sealed class ShareQuota(ShareLinkStore store, DownloadLedger ledger, AccelRedirect accel, ShareMetrics metrics)
{
    /// <summary>Counts a new download where one begins.</summary>
    /// <param name="isWhole">Whether the archive is asked for, or a single file of it, which the app always sends itself.</param>
    public async Task<bool> AdmitAsync(
        ShareLink link, Export export, int part, bool isWhole, HttpContext context, CancellationToken cancellationToken)
    {
        var visitor = link.Visitor(context);
        if (await store.HasBegunAsync(link.Id, part, visitor.From, cancellationToken)
            && (IsContinuation(context.Request)
                || (!(isWhole && accel.Takes(context)) && !await ledger.IsCompleteAsync(export.Id, part, visitor, cancellationToken))))
        {
            return true;
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            return !(link.Downloads >= link.MaxDownloads);
        }

        var begun = await store.TryBeginAsync(link, part, visitor.From, cancellationToken);
        if (begun)
        {
            metrics.DownloadBegun();
        }

        return begun;
    }

    private static bool IsContinuation(HttpRequest request) =>
        request.GetTypedHeaders().Range is { } range && range.Ranges.All(one => one.From is null or > 0);
}
