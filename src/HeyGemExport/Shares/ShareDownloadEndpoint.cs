using HeyGemExport.Api;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Downloads;

namespace HeyGemExport.Shares;

internal sealed class ShareDownloadEndpoint(
    ShareAccess access, ShareLinks links, ShareQuota quota, DownloadEndpoint endpoint, ShareMetrics metrics,
    IStringLocalizer<ShareTexts> texts, TimeProvider time)
{
    /// <summary>How soon a revoked or expired link ends what runs through it.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    /// <param name="number">Which part of a set; null for the archive of an export that has only one.</param>
    public async Task<IResult> DownloadAsync(string token, int? number, HttpContext context)
    {
        ShareEndpoints.Hide(context.Response);
        var (entry, link) = await access.EnterAsync(token, context, context.RequestAborted);
        var contents = entry == ShareEntry.Open ? await links.ReadAsync(link!, context.RequestAborted) : null;
        var refusal = entry switch
        {
            ShareEntry.TooOften => (StatusCodes.Status429TooManyRequests, "too-often"),
            ShareEntry.Locked => (StatusCodes.Status401Unauthorized, "password-required"),
            ShareEntry.Unknown => (StatusCodes.Status404NotFound, "not-found"),
            _ when contents is not { IsThere: true } => (StatusCodes.Status410Gone, "archive-gone"),
            _ => ((int Status, string Code)?)null,
        };

        // A part that does not exist is answered by the download, and does not count.
        ShareDownload? download = null;
        if (refusal is null && PartOf(contents!.Export, number) is { } part)
        {
            var isHead = HttpMethods.IsHead(context.Request.Method);
            download = isHead ? null : await quota.AdmitAsync(
                link!, part, link!.Visitor(context).From, IsContinuation(context.Request), context.RequestAborted);
            refusal = (isHead ? link!.Downloads >= link.MaxDownloads : download is null)
                ? (StatusCodes.Status410Gone, "used-up")
                : null;
        }

        // Other refusals were counted by ShareAccess.
        if (entry == ShareEntry.Open && refusal is { Code: var reason })
        {
            metrics.Refused(reason);
        }

        return refusal is { } refused ? Refuse(refused, token, context) : await SendAsync(link!, number, download, context);
    }

    private async Task<IResult> SendAsync(ShareLink link, int? number, ShareDownload? download, HttpContext context)
    {
        using (download)
        {
            using var sent = new CancellationTokenSource();
            var watching = EndWithAsync(link, context, sent.Token);
            try
            {
                return await endpoint.HandleAsync(
                    link.ExportId, number, link.Visitor(context), context, download is null ? null : download.SentAsync);
            }
            finally
            {
                await sent.CancelAsync();
                await watching;
            }
        }
    }

    /// <summary>Cuts the connection when the link ends.</summary>
    private async Task EndWithAsync(ShareLink link, HttpContext context, CancellationToken sent)
    {
        using var timer = new PeriodicTimer(LookAgain, time);
        try
        {
            while (await timer.WaitForNextTickAsync(sent))
            {
                if (!await access.IsLiveAsync(link, sent))
                {
                    context.Abort();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // All is sent, or the client is gone.
        }
    }

    private static bool IsContinuation(HttpRequest request) =>
        request.GetTypedHeaders().Range is { } range && range.Ranges.All(one => one.From is null or > 0);

    private static int? PartOf(Export export, int? number) =>
        (number is null && export.Parts.Count == 1) || export.Parts.Any(part => part.Number == number) ? number ?? 1 : null;

    // Browsers are sent to the link's page, which explains it.
    private IResult Refuse((int Status, string Code) refusal, string token, HttpContext context) => context.Request.IsForPage()
        ? TypedResults.Redirect($"{context.Request.PathBase}{ShareEndpoints.Path}/{Uri.EscapeDataString(token)}")
        : ApiProblem.Of(refusal.Status, refusal.Code, texts["Share.Refused." + refusal.Code]);
}
