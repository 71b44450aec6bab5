using HeyGemExport.Accounts;
using HeyGemExport.Exports;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages.Exports;

internal sealed class IndexModel(ExportService exports, ExportRemoval removal) : PageModel
{
    private const int PageSize = 25;

    [FromQuery(Name = "page")] public int Number { get; set; } = 1;

    /// <summary>Only those whose name or content has it.</summary>
    [FromQuery(Name = "q")] public string? Text { get; set; }

    public ExportPage Exports { get; private set; } = new([], 0, 1, PageSize);

    /// <summary>Why what was asked for could not be done.</summary>
    public ExportError? Refused { get; private set; }

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
            : RedirectToPage(new { q = Text });

    public async Task<IActionResult> OnPostRetryAsync(string id, CancellationToken cancellationToken) => !User.HasRole(Roles.Operator)
        ? Forbid()
        : await AnswerAsync(
            ExportEndpoints.ErrorOf(await exports.RetryAsync(id, Caller.Of(HttpContext), cancellationToken)), cancellationToken);

    public async Task<IActionResult> OnPostDeleteAsync(string id, CancellationToken cancellationToken) => !User.HasRole(Roles.Operator)
        ? Forbid()
        : await AnswerAsync(
            ExportEndpoints.ErrorOf(await removal.DeleteAsync(id, Caller.Of(HttpContext), cancellationToken), "not-deletable"),
            cancellationToken);

    private async Task<IActionResult> AnswerAsync(ExportError? error, CancellationToken cancellationToken)
    {
        if (error is null)
        {
            return RedirectToPage(new { q = Text });
        }

        Refused = error;
        await OnGetAsync(cancellationToken);
        return Page();
    }
}
