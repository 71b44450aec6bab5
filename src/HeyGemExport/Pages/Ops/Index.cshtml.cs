using HeyGemExport.Accounts;
using HeyGemExport.Exports;
using HeyGemExport.Health;
using HeyGemExport.Shares;
using HeyGemExport.Uploads;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Pages.Ops;

/// <summary>The ops page: what waits, runs, failed and takes space, and what can be done about it.</summary>
[Authorize(Policy = Policies.Operator)]
internal sealed class IndexModel(
    OpsOverview overview,
    ExportService exports,
    ExportRemoval disposal,
    ShareLinks shares,
    DestinationProbe probe,
    Destinations destinations,
    ExportErrorTexts errors,
    UploadErrorTexts deliveryErrors,
    IStringLocalizer<PageTexts> texts) : PageModel
{
    /// <summary>The most exports that the queue names; the rest is a number.</summary>
    public const int MaxQueued = 50;

    /// <summary>Where exports can be sent.</summary>
    public IReadOnlyList<Destination> Destinations => destinations.All;

    /// <summary>How it all stands.</summary>
    public OpsReport Report { get; private set; } = null!;

    /// <summary>What became of the last click, in words; null without one.</summary>
    [TempData]
    public string? NotificationPayload { get; set; }

    /// <summary>What to do about it, when it was refused.</summary>
    [TempData]
    public string? NoticeRemedy { get; set; }

    /// <summary>Whether anything changes by itself soon.</summary>
    public bool IsMoving => Report.Records.Queue.Count + Report.Records.Running.Count > 0 || Report.Records.Archives.Any(archive => archive.Downloads > 0);

    /// <summary>How the checks stand together.</summary>
    public CheckState Worst => Report.Checks.Max(check => check.State);

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Report = await overview.TakeAsync(cancellationToken);
        Response.Headers.CacheControl = "no-cache, no-store";
    }

    /// <summary>Ends an export that has not ended.</summary>
    public async Task<IActionResult> OnPostCancelAsync(string id, CancellationToken cancellationToken) =>
        await exports.CancelAsync(id, Caller.Of(HttpContext), cancellationToken) switch
        {
            CancelExportResult.Accepted => Done("Ops.Done.Cancelled", id),
            CancelExportResult.AlreadyFinished => Refused(new ExportError("already-finished")),
            _ => Refused(new ExportError("not-found")),
        };

    /// <summary>Has an export that failed or was cancelled run again.</summary>
    public async Task<IActionResult> OnPostRetryAsync(string id, CancellationToken cancellationToken) =>
        await exports.RetryAsync(id, Caller.Of(HttpContext), cancellationToken) switch
        {
            RetryExportResult.Queued => Done("Ops.Done.Retried", id),
            RetryExportResult.AlreadyLive(var live) => Refused(new ExportError("already-packed", [live.Id])),
            RetryExportResult.NotRetryable => Refused(new ExportError("not-retryable")),
            RetryExportResult.Refused(var error) => Refused(error),
            _ => Refused(new ExportError("not-found")),
        };

    /// <summary>Deletes the record of an export that failed or was cancelled.</summary>
    public async Task<IActionResult> OnPostDeleteAsync(string id, CancellationToken cancellationToken) =>
        Told(await disposal.DeleteAsync(id, Caller.Of(HttpContext), cancellationToken), "Ops.Done.Deleted", "not-deletable", id);

    /// <summary>Removes an archive before its time.</summary>
    public async Task<IActionResult> OnPostRemoveAsync(string id, CancellationToken cancellationToken) =>
        Told(await disposal.RemoveArchiveAsync(id, Caller.Of(HttpContext), cancellationToken), "Ops.Done.Removed", "no-archive", id);

    /// <summary>Ends a share link.</summary>
    public async Task<IActionResult> OnPostRevokeAsync(string id, string share, CancellationToken cancellationToken) =>
        await shares.RevokeAsync(id, share, Caller.Of(HttpContext), cancellationToken) ? Done("Ops.Done.Revoked", share) : NoLink();

    /// <summary>Tries a destination.</summary>
    public async Task<IActionResult> OnPostTestAsync(string name, CancellationToken cancellationToken)
    {
        if (destinations.Find(name) is not { } destination)
        {
            return Refused(new ExportError("not-found"));
        }

        if (await probe.TryAsync(destination, Caller.Of(HttpContext), cancellationToken) is not { } error)
        {
            return Done("Ops.Done.Tested", destination.Name);
        }

        NotificationPayload = $"{destination.Name}: {deliveryErrors.Message(error)}";
        NoticeRemedy = deliveryErrors.Remedy(error);
        return RedirectToPage();
    }

    private RedirectToPageResult Told(DisposalResult result, string done, string notInState, string id) => result switch
    {
        DisposalResult.Done => Done(done, id),
        DisposalResult.InUse => Refused(new ExportError("archive-in-use")),
        DisposalResult.NotInState => Refused(new ExportError(notInState)),
        _ => Refused(new ExportError("not-found")),
    };

    private RedirectToPageResult Done(string key, string id)
    {
        NotificationPayload = texts[key, id];
        NoticeRemedy = null;
        return RedirectToPage();
    }

    private RedirectToPageResult NoLink()
    {
        NotificationPayload = texts["Ops.NoLink"];
        NoticeRemedy = texts["Ops.NoLinkHint"];
        return RedirectToPage();
    }

    private RedirectToPageResult Refused(ExportError error)
    {
        NotificationPayload = errors.Message(error);
        NoticeRemedy = errors.Remedy(error);
        return RedirectToPage();
    }
}
