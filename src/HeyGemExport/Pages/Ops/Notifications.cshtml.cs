using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Notifications;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Pages.Ops;

/// <summary>Who is told when an export ends, and what became of it.</summary>
[Authorize(Policy = Policies.Operator)]
internal sealed class NotificationsModel(NotificationTargets targets, NotificationStore store, NotificationSender sender, IStringLocalizer<PageTexts> texts) : PageModel
{
    private const int PageSize = 50;

    /// <summary>The targets.</summary>
    public IReadOnlyList<NotificationTarget> Targets => targets.All;

    /// <summary>One page of the delivery log.</summary>
    public NotificationPage Log { get; private set; } = new([], 0, 1, PageSize);

    /// <summary>How many pages the log has.</summary>
    public int PageCount => Math.Max(1, (Log.Total + PageSize - 1) / PageSize);

    /// <summary>The address of a page of the log.</summary>
    public string PageHref(int page) => FormattableString.Invariant($"?page={page}");

    /// <summary>What became of the last test, in words; null without one.</summary>
    [TempData]
    public string? NotificationPayload { get; set; }

    /// <summary>Why it was not delivered.</summary>
    [TempData]
    public string? NoticeFault { get; set; }

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync([FromQuery(Name = "page")] string? number, CancellationToken cancellationToken)
    {
        Log = await store.ListAsync(PageNumber.TryRead(number, 1, int.MaxValue, out var page) ? page : 1, PageSize, cancellationToken);
        Response.Headers.CacheControl = "no-cache, no-store";
    }

    /// <summary>Sends a target a message about nothing.</summary>
    public async Task<IActionResult> OnPostTestAsync(string? target, CancellationToken cancellationToken)
    {
        if (targets.Find(target) is not { } found)
        {
            return NotFound();
        }

        var result = await sender.TestAsync(found, Caller.Of(HttpContext), cancellationToken);
        NotificationPayload = texts[result.Delivered ? "Notify.Test.Delivered" : "Notify.Test.Failed", found.Name];
        NoticeFault = result.Delivered ? null : Explain(result.Status, result.Fault);
        return RedirectToPage();
    }

    /// <summary>Why a target did not take a message: our own words for our own codes, the bot's for its.</summary>
    public string Explain(int? status, string? fault)
    {
        var words = fault is null ? "" : texts[$"Notify.Fault.{fault}"] is { ResourceNotFound: false } known ? known.Value : fault;
        return status is { } number && fault is not null ? $"{words} (HTTP {number})" : words;
    }
}
