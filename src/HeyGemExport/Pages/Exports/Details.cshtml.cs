using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Exports;
using HeyGemExport.Shares;
using HeyGemExport.Uploads;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Pages.Exports;

/// <summary>One export: its progress, its archive, or what went wrong.</summary>
internal sealed class DetailsModel(
    ExportService exports,
    UploadService deliveries,
    Destinations destinations,
    ShareLinks links,
    IOptions<ShareOptions> sharing,
    IOptions<HttpOptions> http,
    IStringLocalizer<ShareTexts> shareTexts,
    TimeProvider time) : PageModel
{
    /// <summary>The export.</summary>
    public Export Export { get; private set; } = null!;

    /// <summary>Files whose names in the archive are not their own.</summary>
    public IReadOnlyList<RenamedFile> Renamed { get; private set; } = [];

    /// <summary>Links to it for people without an account, the newest first.</summary>
    public IReadOnlyList<ShareLink> Shares { get; private set; } = [];

    /// <summary>What became of a request for a link, or null.</summary>
    public ShareResult? Share { get; private set; }

    /// <summary>The address of the link that was just made.</summary>
    public string? ShareAddress { get; private set; }

    /// <summary>How links may be made.</summary>
    public ShareOptions Sharing => sharing.Value;

    /// <summary>Whether a link may be made.</summary>
    public bool MayShare => Sharing.Enabled && Export.State == ExportState.Ready;

    /// <summary>Where it is sent, or was; newest first.</summary>
    public IReadOnlyList<Upload> Deliveries { get; private set; } = [];

    /// <summary>Whether there is anywhere to send it.</summary>
    public bool CanDeliver => destinations.All.Count > 0;

    /// <summary>How much of the whole way is done, 0 to 100.</summary>
    public int Percent => OverallProgress.Percent(Export);

    /// <summary>Bytes of the present phase that are done: packed, or while verifying, proved.</summary>
    public long PhaseBytes => Export.State == ExportState.Verifying ? Export.VerifiedBytes : Export.DoneBytes;

    /// <summary>Shows it.</summary>
    public async Task<IActionResult> OnGetAsync(string id, CancellationToken cancellationToken)
    {
        if (await exports.FindAsync(id, Caller.Of(HttpContext), cancellationToken) is not { } export)
        {
            return NotFound();
        }

        Export = export;
        Renamed = export.State == ExportState.Ready ? await exports.RenamedAsync(id, cancellationToken) : [];
        Shares = export.State == ExportState.Ready ? await links.ListAsync(id, Caller.Of(HttpContext), cancellationToken) ?? [] : [];
        Deliveries = await deliveries.OfExportAsync(id, cancellationToken);
        Response.Headers.CacheControl = "no-cache, no-store";
        return Page();
    }

    /// <summary>Makes a link, whose address this answer shows and no other one.</summary>
    public async Task<IActionResult> OnPostShareAsync(string id, string? days, string? password, string? maxDownloads, CancellationToken cancellationToken)
    {
        var request = new ShareRequest(Number(days), password, Number(maxDownloads));
        Share = await links.CreateAsync(id, request, Caller.Of(HttpContext), cancellationToken);
        ShareAddress = Share is ShareResult.Created(_, var token) ? ShareEndpoints.AddressOf(token, Request, http.Value) : null;
        return await OnGetAsync(id, cancellationToken);
    }

    /// <summary>Ends a link; harmless when it has ended.</summary>
    public async Task<IActionResult> OnPostRevokeAsync(string id, string? share, CancellationToken cancellationToken) =>
        await links.RevokeAsync(id, share ?? "", Caller.Of(HttpContext), cancellationToken) ? RedirectToPage(new { id }) : NotFound();

    /// <summary>Where a link stands now.</summary>
    public ShareState StateOf(ShareLink link)
    {
        return link.StateAt(time.GetUtcNow());
    }

    /// <summary>Why a link was not made.</summary>
    public string Refusal(string code) => shareTexts["Share.Refused." + code];

    /// <summary>Cancels it; harmless when it has ended.</summary>
    public async Task<IActionResult> OnPostCancelAsync(string id, CancellationToken cancellationToken) =>
        await exports.CancelAsync(id, Caller.Of(HttpContext), cancellationToken) switch
        {
            CancelExportResult.NotFound => NotFound(),
            CancelExportResult.Left => RedirectToPage("/Exports/Index"),
            _ => RedirectToPage(new { id }),
        };

    // Nothing is the default, nonsense is refused.
    private static int? Number(string? text) => string.IsNullOrWhiteSpace(text) ? null : PageNumber.TryRead(text.Trim(), 0, int.MaxValue, out var number) ? number : 0;
}
