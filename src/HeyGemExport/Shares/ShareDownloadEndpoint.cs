using HeyGemExport.Api;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Downloads;

namespace HeyGemExport.Shares;

internal sealed class ShareDownloadEndpoint(
    ShareAccess access, ShareLinks links, ShareQuota quota, DownloadEndpoint archives, ExportFiles files, FileDownloadEndpoint singles,
    ShareMetrics metrics, IStringLocalizer<ShareTexts> texts)
{
    // Posters are shown again each time that somebody plays a video of the page.
    private const string PosterCaching = "private, max-age=86400";

    /// <param name="number">Which part of a set; null for the archive of an export that has only one.</param>
    public Task<IResult> DownloadAsync(string token, int? number, HttpContext context) => AnswerAsync(
        token,
        context,
        export => Task.FromResult((PartOf(export, number), IsWhole: true)),
        (link, _) => archives.HandleAsync(link.ExportId, number, link.Visitor(context), context));

    /// <summary>Counts as a download of the archive that the file is in.</summary>
    /// <param name="number">As <see cref="ExportFiles"/> counts.</param>
    public Task<IResult> DownloadFileAsync(string token, int number, HttpContext context) => AnswerAsync(
        token,
        context,
        async export => ((await files.FindAsync(export, number, context.RequestAborted))?.Entry.Part, IsWhole: false),
        (link, export) => singles.HandleAsync(export, number, link.Visitor(context), context));

    /// <summary>Counts as nothing.</summary>
    public Task<IResult> PosterAsync(string token, int number, HttpContext context) => AnswerAsync(
        token,
        context,
        _ => Task.FromResult(((int?)null, IsWhole: false)),
        async (_, export) =>
        {
            context.Response.Headers.CacheControl = PosterCaching;
            return await singles.PosterAsync(export, number, context.RequestAborted);
        });

    /// <param name="asked">The part that the download counts for, null for none: what does not exist does not count. And whether all of it
    /// is asked for.</param>
    private async Task<IResult> AnswerAsync(
        string token, HttpContext context, Func<Export, Task<(int? Part, bool IsWhole)>> asked, Func<ShareLink, Export, Task<IResult>> send)
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
        if (refusal is null && await asked(contents!.Export) is ({ } part, var isWhole)
            && !await quota.AdmitAsync(link!, contents.Export, part, isWhole, context, context.RequestAborted))
        {
            refusal = (StatusCodes.Status410Gone, "used-up");
        }

        // Other refusals were counted by ShareAccess.
        if (entry == ShareEntry.Open && refusal is { Code: var reason })
        {
            metrics.Refused(reason);
        }

        return refusal is { } refused ? Refuse(refused, token, context) : await send(link!, contents!.Export);
    }

    private static int? PartOf(Export export, int? number) =>
        (number is null && export.Parts.Count == 1) || export.Parts.Any(part => part.Number == number) ? number ?? 1 : null;

    // Browsers are sent to the link's page, which explains it.
    private IResult Refuse((int Status, string Code) refusal, string token, HttpContext context) => context.Request.IsForPage()
        ? TypedResults.Redirect($"{context.Request.PathBase}{ShareEndpoints.Path}/{Uri.EscapeDataString(token)}")
        : ApiProblem.Of(refusal.Status, refusal.Code, texts["Share.Refused." + refusal.Code]);
}
