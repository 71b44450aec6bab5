using HeyGemExport.Accounts;
using HeyGemExport.Exports;
using HeyGemExport.Health;
using HeyGemExport.Shares;
using HeyGemExport.Uploads;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages.Ops;

[Authorize(Policies.Operator)]
internal sealed class IndexModel(
    OpsOverview overview, ExportService exports, ExportRemoval removal, ShareLinks shares, DestinationProbe probe,
    Destinations destinations, ExportErrorTexts errors, UploadErrorTexts uploadErrors, IStringLocalizer<PageTexts> texts) : PageModel
{
    public const int MaxQueued = 50;

    public IReadOnlyList<Destination> Destinations => destinations.All;

    public OpsReport Report { get; private set; } = null!;
    [TempData] public string? Notice { get; set; }
    [TempData] public string? NoticeRemedy { get; set; }

    public bool IsMoving => Report.Records is var records
        && (records.Queue.Count + records.Running.Count > 0 || records.Archives.Any(archive => archive.Downloads > 0));

    public CheckState Worst => Report.Checks.Max(check => check.State);

    private Caller Caller => Caller.Of(HttpContext);

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Report = await overview.TakeAsync(cancellationToken);
        Response.DoNotStore();
    }

    public async Task<IActionResult> OnPostCancelAsync(string id, CancellationToken cancellationToken) =>
        await exports.CancelAsync(id, Caller, cancellationToken) switch
        {
            CancelExportResult.Accepted => After(null, "Ops.Done.Cancelled", id),
            CancelExportResult.AlreadyFinished => After(new ExportError("already-finished"), "", id),
            _ => After(new ExportError("not-found"), "", id),
        };

    public async Task<IActionResult> OnPostRetryAsync(string id, CancellationToken cancellationToken) =>
        After(ExportEndpoints.ErrorOf(await exports.RetryAsync(id, Caller, cancellationToken)), "Ops.Done.Retried", id);

    public async Task<IActionResult> OnPostDeleteAsync(string id, CancellationToken cancellationToken) =>
        After(ExportEndpoints.ErrorOf(await removal.DeleteAsync(id, Caller, cancellationToken), "not-deletable"), "Ops.Done.Deleted", id);

    public async Task<IActionResult> OnPostRemoveAsync(string id, CancellationToken cancellationToken) =>
        After(
            ExportEndpoints.ErrorOf(await removal.RemoveArchiveAsync(id, Caller, cancellationToken), "no-archive"), "Ops.Done.Removed", id);

    public async Task<IActionResult> OnPostRevokeAsync(string id, string share, CancellationToken cancellationToken) =>
        await shares.RevokeAsync(id, share, Caller, cancellationToken)
            ? Notify(texts["Ops.Done.Revoked", share])
            : Notify(texts["Ops.NoLink"], texts["Ops.NoLinkHint"]);

    public async Task<IActionResult> OnPostTestAsync(string name, CancellationToken cancellationToken)
    {
        if (destinations.Find(name) is not { } destination)
        {
            return After(new ExportError("not-found"), "", name);
        }

        return await probe.TryAsync(destination, Caller, cancellationToken) is { } error
            ? Notify($"{destination.Name}: {uploadErrors.Message(error)}", uploadErrors.Remedy(error))
            : Notify(texts["Ops.Done.Tested", destination.Name]);
    }

    private RedirectToPageResult After(ExportError? error, string done, string id) =>
        error is null ? Notify(texts[done, id]) : Notify(errors.Message(error), errors.Remedy(error));

    private RedirectToPageResult Notify(string notice, string? remedy = null)
    {
        (Notice, NoticeRemedy) = (notice, remedy);
        return RedirectToPage();
    }
}
