using HeyGemExport.Api;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Downloads;

namespace HeyGemExport.Shares;

internal sealed class ShareDownloadEndpoint(
    ShareAccess access, ShareLinks links, ShareQuota quota, DownloadEndpoint archives, ExportFiles files, FileDownloadEndpoint singles,
    ShareMetrics metrics, IStringLocalizer<ShareTexts> texts, TimeProvider time)
{
    // Posters are shown again each time that somebody plays a video of the page.
    private const string PosterCaching = "private, max-age=86400";

    /// <summary>How soon a revoked or expired link ends what runs through it.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    /// <param name="number">Which part of a set; null for the archive of an export that has only one.</param>
    public Task<IResult> DownloadAsync(string token, int? number, HttpContext context) => AnswerAsync(
        token,
        context,
        export => Task.FromResult(PartOf(export, number)),
        (link, _, onSent) => archives.HandleAsync(link.ExportId, number, link.Visitor(context), context, onSent));

    /// <param name="number">As <see cref="ExportFiles"/> counts.</param>
    public Task<IResult> DownloadFileAsync(string token, int number, HttpContext context) => AnswerAsync(
        token,
        context,
        async export => await files.FindAsync(export, number, context.RequestAborted) is null ? null : -number,
        (link, export, onSent) => singles.HandleAsync(export, number, link.Visitor(context), context, onSent));

    /// <summary>Counts as nothing.</summary>
    public Task<IResult> PosterAsync(string token, int number, HttpContext context) => AnswerAsync(
        token,
        context,
        _ => Task.FromResult<int?>(null),
        async (_, export, _) =>
        {
            context.Response.Headers.CacheControl = PosterCaching;
            return await singles.PosterAsync(export, number, context.RequestAborted);
        });

    /// <param name="asked">What the download counts for, as <see cref="ShareQuota"/> has it; null for nothing: what does not exist does not
    /// count.</param>
    private async Task<IResult> AnswerAsync(
        string token, HttpContext context, Func<Export, Task<int?>> asked,
        Func<ShareLink, Export, Func<long, SentBytes, Task>?, Task<IResult>> send)
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
        ShareDownload? download = null;
        if (refusal is null && await asked(contents!.Export) is { } part)
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

        return refusal is { } refused
            ? Refuse(refused, token, context)
            : await SendAsync(link!, download, context, onSent => send(link!, contents!.Export, onSent));
    }

    private async Task<IResult> SendAsync(
        ShareLink link, ShareDownload? download, HttpContext context, Func<Func<long, SentBytes, Task>?, Task<IResult>> send)
    {
        using (download)
        {
            using var sent = new CancellationTokenSource();
            var watching = EndWithAsync(link, context, sent.Token);
            try
            {
                return await send(download is null ? null : download.SentAsync);
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

        // A wait that is cancelled would write a stack trace with line numbers.
        await using var end = sent.Register(timer.Dispose);
        try
        {
            while (await timer.WaitForNextTickAsync(CancellationToken.None))
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
