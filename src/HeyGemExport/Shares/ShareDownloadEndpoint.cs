using HeyGemExport.Api;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Downloads;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Shares;

/// <summary>Hands an archive to whoever has a link; the sending itself is that of every download.</summary>
internal sealed class ShareDownloadEndpoint(ShareAccess visits, ShareLinks links, ShareQuota downloads, DownloadEndpoint endpoint, ShareMetrics metrics, IStringLocalizer<ShareTexts> texts)
{
    /// <summary>Answers one request for an archive.</summary>
    /// <param name="token">The token of the link.</param>
    /// <param name="number">Which part of a set; null for the archive of an export that has only one.</param>
    /// <param name="context">The request.</param>
    public async Task<IResult> DownloadAsync(string token, int? number, HttpContext context)
    {
        ShareEndpoints.Hide(context.Response);
        var (entry, link) = await visits.EnterAsync(token, context, context.RequestAborted);
        var contents = entry == ShareEntry.Open ? await links.ReadAsync(link!, context.RequestAborted) : null;
        var refusal = entry switch
        {
            ShareEntry.TooOften => (StatusCodes.Status429TooManyRequests, "too-often"),
            ShareEntry.Locked => (StatusCodes.Status401Unauthorized, "password-required"),
            ShareEntry.Unknown => (StatusCodes.Status404NotFound, "not-found"),
            _ when contents is not { IsThere: true } => (StatusCodes.Status410Gone, "archive-gone"),
            _ => ((int Status, string Code)?)null,
        };

        // What is not there is the download's to answer, and counts for nothing.
        if (refusal is null && PartOf(contents!.Export, number) is { } part && !await downloads.AdmitAsync(link!, contents.Export, part, context, context.RequestAborted))
        {
            refusal = (StatusCodes.Status410Gone, "used-up");
        }

        // Who is stopped at the link itself was counted there.
        if (entry == ShareEntry.Open && refusal is { Code: var why })
        {
            metrics.Refused(why);
        }

        return refusal is { } refused ? Refuse(refused, token, context) : await endpoint.HandleAsync(link!.ExportId, number, link.Visitor(context), context);
    }

    private static int? PartOf(Export export, int? number) =>
        (number is null && export.Parts.Count == 1) || export.Parts.Any(part => part.Number == number) ? number ?? 1 : null;

    /// <summary>A person is led to the link's page, which explains it.</summary>
    private IResult Refuse((int Status, string Code) refusal, string token, HttpContext context) => context.Request.IsForPage()
        ? TypedResults.Redirect($"{context.Request.PathBase}{ShareEndpoints.Path}/{Uri.EscapeDataString(token)}")
        : ApiProblem.Of(refusal.Status, refusal.Code, texts["Share.Refused." + refusal.Code]);
}
