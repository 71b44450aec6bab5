using HeyGemExport.Accounts;
using HeyGemExport.Exports;
using HeyGemExport.Shares;
using HeyGemExport.Uploads;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages.Exports;

internal sealed class DetailsModel(
    ExportService exports, UploadService uploads, Destinations destinations, ShareLinks links, IOptions<ShareOptions> sharing,
    IOptions<HttpOptions> http, IStringLocalizer<ShareTexts> shareTexts, TimeProvider time) : PageModel
{
    public Export Export { get; private set; } = null!;
    public ExportError? Refused { get; private set; }
    public IReadOnlyList<RenamedFile> Renamed { get; private set; } = [];
    public IReadOnlyList<ShareLink> Shares { get; private set; } = [];
    public ShareResult? Share { get; private set; }
    public string? ShareAddress { get; private set; }

    public ShareOptions Sharing => sharing.Value;
    public bool MayShare => Sharing.Enabled && Export.State == ExportState.Ready;

    public IReadOnlyList<Upload> Deliveries { get; private set; } = [];

    public bool CanDeliver => destinations.All.Count > 0;
    public int Percent => OverallProgress.Percent(Export);
    public long PhaseBytes => Export.State == ExportState.Verifying ? Export.VerifiedBytes : Export.DoneBytes;

    private Caller Caller => Caller.Of(HttpContext);

    public async Task<IActionResult> OnGetAsync(string id, CancellationToken cancellationToken)
    {
        if (await exports.FindAsync(id, Caller, cancellationToken) is not { } export)
        {
            return NotFound();
        }

        Export = export;
        if (export.State == ExportState.Ready)
        {
            Renamed = await exports.RenamedAsync(id, cancellationToken);
            Shares = await links.ListAsync(id, Caller, cancellationToken) ?? [];
        }

        Deliveries = await uploads.OfExportAsync(id, Caller, cancellationToken);
        Response.DoNotStore();
        return Page();
    }

    /// <summary>Only this response shows the address.</summary>
    public async Task<IActionResult> OnPostShareAsync(
        string id, string? days, string? password, string? maxDownloads, CancellationToken cancellationToken)
    {
        var request = new ShareRequest(PageModelExtensions.ReadNumber(days), password, PageModelExtensions.ReadNumber(maxDownloads));
        Share = await links.CreateAsync(id, request, Caller, cancellationToken);
        ShareAddress = Share is ShareResult.Created(_, var token) ? ShareEndpoints.AddressOf(token, Request, http.Value) : null;
        return await OnGetAsync(id, cancellationToken);
    }

    /// <summary>Harmless if it has ended.</summary>
    public async Task<IActionResult> OnPostRevokeAsync(string id, string? share, CancellationToken cancellationToken) =>
        await links.RevokeAsync(id, share ?? "", Caller, cancellationToken) ? RedirectToPage(new { id }) : NotFound();

    public async Task<IActionResult> OnPostRenameAsync(string id, string? name, CancellationToken cancellationToken) =>
        await exports.RenameAsync(id, name, Caller, cancellationToken) is null ? NotFound() : RedirectToPage(new { id });

    /// <summary>Packs what an instant export holds, so that it no longer depends on the videos.</summary>
    public async Task<IActionResult> OnPostPackAsync(string id, CancellationToken cancellationToken)
    {
        var result = await exports.PackFirstAsync(id, Caller, cancellationToken);
        Refused = (result as RequestExportResult.Refused)?.Error;
        return result?.Recorded is { } packed
            ? RedirectToPage(new { id = packed.Id })
            : await OnGetAsync(id, cancellationToken);
    }

    public ShareState StateOf(ShareLink link) => link.StateAt(time.GetUtcNow());

    public string Refusal(string code) => shareTexts["Share.Refused." + code];

    /// <summary>Harmless if the export has ended.</summary>
    public async Task<IActionResult> OnPostCancelAsync(string id, CancellationToken cancellationToken) =>
        await exports.CancelAsync(id, Caller, cancellationToken) switch
        {
            CancelExportResult.NotFound => NotFound(),
            CancelExportResult.Left => RedirectToPage("/Exports/Index"),
            _ => RedirectToPage(new { id }),
        };
}
