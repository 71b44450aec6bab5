using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Notifications;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages.Ops;

[Authorize(Policies.Operator)]
internal sealed class NotificationsModel(
    NotificationTargets targets, NotificationStore store, NotificationSender sender, IStringLocalizer<PageTexts> texts) : PageModel
{
    private const int PageSize = 50;

    public IReadOnlyList<NotificationTarget> Targets => targets.All;

    public NotificationPage Log { get; private set; } = new([], 0, 1, PageSize);

    public int PageCount => PageModelExtensions.PageCount(Log.Total, PageSize);

    public string PageHref(int page) => FormattableString.Invariant($"?page={page}");

    [TempData] public string? Notice { get; set; }
    [TempData] public string? NoticeFault { get; set; }

    public async Task OnGetAsync([FromQuery(Name = "page")] string? number, CancellationToken cancellationToken)
    {
        Log = await store.ListAsync(PageNumber.TryRead(number, 1, int.MaxValue, out var page) ? page : 1, PageSize, cancellationToken);
        Response.DoNotStore();
    }

    public async Task<IActionResult> OnPostTestAsync(string? target, CancellationToken cancellationToken)
    {
        if (targets.Find(target) is not { } found)
        {
            return NotFound();
        }

        var result = await sender.TestAsync(found, Caller.Of(HttpContext), cancellationToken);
        Notice = texts[result.Delivered ? "Notify.Test.Delivered" : "Notify.Test.Failed", found.Name];
        NoticeFault = result.Delivered ? null : Explain(result.Status, result.Fault);
        return RedirectToPage();
    }

    /// <summary>Why a target did not accept a message: a translation of our own codes, or the words of the target.</summary>
    public string Explain(int? status, string? fault)
    {
        var words = fault is null ? "" : texts[$"Notify.Fault.{fault}"] is { ResourceNotFound: false } known ? known.Value : fault;
        return status is { } number && fault is not null ? $"{words} (HTTP {number})" : words;
    }
}
