using HeyGemExport.Accounts;
using HeyGemExport.Delivery.ObjectStorage;
using HeyGemExport.Exports;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace HeyGemExport.Pages.Exports;

/// <summary>One export: its progress, its archive, or what went wrong.</summary>
public sealed class DetailsModel(ExportService exports, DeliveryService deliveries, Destinations destinations) : PageModel
{
    /// <summary>The export.</summary>
    public Export Export { get; private set; } = null!;

    /// <summary>Files whose names in the archive are not their own.</summary>
    public IReadOnlyList<RenamedFile> Renamed { get; private set; } = [];

    /// <summary>Where it is sent, or was; newest first.</summary>
    public IReadOnlyList<DeliveryRecord> Deliveries { get; private set; } = [];

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
        Deliveries = await deliveries.OfExportAsync(id, cancellationToken);
        Response.Headers.CacheControl = "no-cache, no-store";
        return Page();
    }

    /// <summary>Cancels it; harmless when it has ended.</summary>
    public async Task<IActionResult> OnPostCancelAsync(string id, CancellationToken cancellationToken) =>
        await exports.CancelAsync(id, Caller.Of(HttpContext), cancellationToken) switch
        {
            CancelExportResult.NotFound => NotFound(),
            CancelExportResult.Left => RedirectToPage("/Exports/Index"),
            _ => RedirectToPage(new { id }),
        };
}
