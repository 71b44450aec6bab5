using HeyGemExport.Accounts;
using HeyGemExport.Exports;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages.Exports;

internal sealed class IndexModel(ExportService exports) : PageModel
{
    private const int PageSize = 25;

    [FromQuery(Name = "page")] public int Number { get; set; } = 1;

    /// <summary>Only those whose name or content has it.</summary>
    [FromQuery(Name = "q")] public string? Text { get; set; }

    public ExportPage Exports { get; private set; } = new([], 0, 1, PageSize);

    public int PageCount => PageModelExtensions.PageCount(Exports.Total, Exports.PageSize);
    public bool IsMoving => Exports.Items.Any(export => !export.HasEnded);

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Exports = await exports.ListAsync(Math.Max(1, Number), PageSize, Text, Caller.Of(HttpContext), cancellationToken);
        if (Exports.Page > PageCount)
        {
            Exports = await exports.ListAsync(PageCount, PageSize, Text, Caller.Of(HttpContext), cancellationToken);
        }

        Response.DoNotStore();
    }

    /// <summary>Harmless if the export has ended.</summary>
    public async Task<IActionResult> OnPostCancelAsync(string id, CancellationToken cancellationToken) =>
        await exports.CancelAsync(id, Caller.Of(HttpContext), cancellationToken) == CancelExportResult.NotFound
            ? NotFound()
            : RedirectToPage();
}
